-- about: robots.txt and Retry-After of hosts, kept over runs

-- name: robots
SELECT origin, fetched_at, verdict, text, note FROM base.robots WHERE fetched_at > $now::TIMESTAMPTZ - INTERVAL 1 DAY;

-- name: holds
SELECT site, hold_until FROM base.host_holds WHERE hold_until > $now;

-- name: drop_robots
DELETE FROM base.robots WHERE origin IN (SELECT origin FROM incoming_robots) OR fetched_at <= $now::TIMESTAMPTZ - INTERVAL 1 DAY;

-- name: drop_holds
DELETE FROM base.host_holds WHERE site IN (SELECT site FROM incoming_holds) OR hold_until <= $now;

-- name: save
INSERT INTO base.robots BY NAME SELECT * FROM incoming_robots;
INSERT INTO base.host_holds BY NAME SELECT * FROM incoming_holds;
