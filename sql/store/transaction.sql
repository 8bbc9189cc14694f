-- about: how many cores a write takes; a change of their number also gives freed memory back to the system

-- name: one_core
SET threads = 1;

-- name: all_cores
RESET threads;
