-- Tables of a verdict: what the phones hold against what the receiver got.
-- stored: one row per message that had to be forwarded (rows of before the enrolment are in `earlier`).
-- requests: one row per HTTP request.

CREATE TEMP TABLE sims(phone, slot, sub, iccid, name, carrier, mcc, mnc);
CREATE TEMP TABLE sims_of_one(slot, sub, iccid, name, carrier, mcc, mnc);
.mode list
.separator "|" "\n"
.import /phones/1/sims sims_of_one
INSERT INTO sims SELECT 1, * FROM sims_of_one;
DELETE FROM sims_of_one;
.import /phones/2/sims sims_of_one
INSERT INTO sims SELECT 2, * FROM sims_of_one;

CREATE TEMP TABLE rows AS
    SELECT 1 AS phone, '00000000-0000-0000-9774-d56d682e549c' AS device, * FROM phone1.sms_restricted
    UNION ALL
    SELECT 2 AS phone, '00000000-0000-0000-00c0-ffee12345678' AS device, * FROM phone2.sms_restricted;
CREATE TEMP TABLE stored AS
    SELECT device, _id AS rid, address AS sender, body AS text, date / 1000 AS seconds,
        coalesce((SELECT slot + 1 FROM sims WHERE sims.phone = rows.phone AND sims.sub = rows.sub_id AND slot >= 0), 0) AS slot
    FROM rows WHERE body NOT LIKE 'earlier:%';

CREATE TEMP TABLE lines(line);
.mode ascii
.separator "\037" "\n"
.import /results/received.jsonl lines
.mode list
CREATE TEMP TABLE bodies AS SELECT rowid AS number, line->>'body' AS body, line->>'secret' AS secret FROM lines;
CREATE TEMP TABLE requests AS
    SELECT number, body, body->>'type' AS type, secret, body->>'$.data.id' AS id,
        body->>'$.data.rid' AS rid, body->>'$.data.sim' AS slot, body->>'$.data.device' AS device,
        body->>'$.data.phone' AS sender, body->>'$.data.message' AS text, body->>'$.data.timestamp' AS seconds
    FROM bodies;

CREATE TEMP VIEW missing AS
    SELECT device, rid, substr(text, 1, 60) FROM stored
    WHERE NOT EXISTS (SELECT 1 FROM requests WHERE requests.device = stored.device AND requests.rid = stored.rid);
CREATE TEMP VIEW different AS
    SELECT stored.device, stored.rid, 'slot', stored.slot, requests.slot, 'sender', stored.sender, requests.sender,
        'seconds', stored.seconds, requests.seconds, 'text', length(stored.text), length(requests.text)
    FROM stored JOIN requests ON requests.device = stored.device AND requests.rid = stored.rid
    WHERE stored.slot IS NOT requests.slot OR stored.sender IS NOT requests.sender OR stored.text IS NOT requests.text
        OR stored.seconds IS NOT requests.seconds;
CREATE TEMP VIEW unknown AS
    SELECT number, substr(body, 1, 200) FROM requests
    WHERE NOT EXISTS (SELECT 1 FROM stored WHERE stored.device = requests.device AND stored.rid = requests.rid);
CREATE TEMP VIEW doubled AS
    SELECT device, rid, count(DISTINCT id) FROM requests GROUP BY device, rid HAVING count(DISTINCT id) > 1;
CREATE TEMP VIEW repeated AS SELECT id, count(*) FROM requests GROUP BY id HAVING count(*) > 1;
CREATE TEMP VIEW altered AS SELECT id, count(DISTINCT body) FROM requests GROUP BY id HAVING count(DISTINCT body) > 1;
CREATE TEMP VIEW unsigned AS
    SELECT number, type FROM requests WHERE secret IS NOT 'right' OR type IS NOT 'sms';
