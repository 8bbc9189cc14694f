-- about: writes take one core: two threads cost up to twice the CPU time of one, and memory with it. A change of the
--   number of threads also gives freed memory back to the system.

-- name: one_core
SET threads = 1;

-- name: all_cores
RESET threads;
