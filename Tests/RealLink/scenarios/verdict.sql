-- Tables of a verdict: what the phones hold against what the receiver got.
-- stored: one row per SMS that had to be forwarded (rows of before the enrolment are in `earlier`), known by its row id.
-- expected: one row per notification, chat message and USSD answer that had to be forwarded, known by all that a request says.
-- requests: one row per HTTP request.

CREATE TEMP TABLE sims(phone, slot, sub, iccid, name, carrier, mcc, mnc);
CREATE TEMP TABLE sims_of_one(slot, sub, iccid, name, carrier, mcc, mnc);
CREATE TEMP TABLE dials(phone, slot, code, kind, seconds);
CREATE TEMP TABLE dials_of_one(slot, code, kind, seconds);
.mode list
.separator "|" "\n"
.import /phones/1/sims sims_of_one
INSERT INTO sims SELECT 1, * FROM sims_of_one;
DELETE FROM sims_of_one;
.import /phones/2/sims sims_of_one
INSERT INTO sims SELECT 2, * FROM sims_of_one;
.import /phones/1/dialled dials_of_one
INSERT INTO dials SELECT 1, * FROM dials_of_one;
DELETE FROM dials_of_one;
.import /phones/2/dialled dials_of_one
INSERT INTO dials SELECT 2, * FROM dials_of_one;

CREATE TEMP TABLE phones(phone, device);
INSERT INTO phones VALUES (1, '00000000-0000-0000-9774-d56d682e549c'), (2, '00000000-0000-0000-00c0-ffee12345678');
CREATE TEMP TABLE rows AS
    SELECT 1 AS phone, * FROM phone1.sms_restricted UNION ALL SELECT 2 AS phone, * FROM phone2.sms_restricted;
CREATE TEMP TABLE stored AS
    SELECT device, _id AS rid, address AS sender, body AS text, date / 1000 AS seconds,
        coalesce((SELECT slot + 1 FROM sims WHERE sims.phone = rows.phone AND sims.sub = rows.sub_id AND slot >= 0), 0) AS slot
    FROM rows JOIN phones USING (phone) WHERE body NOT LIKE 'earlier:%';

CREATE TEMP TABLE announcements AS SELECT 1 AS phone, * FROM notes1.announced UNION ALL SELECT 2 AS phone, * FROM notes2.announced;
CREATE TEMP TABLE chats AS SELECT 1 AS phone, * FROM notes1.chat UNION ALL SELECT 2 AS phone, * FROM notes2.chat;
-- A chat's id that is a number says who writes; in a group the phone knows only a name, which may be a number.
CREATE TEMP TABLE expected AS
    SELECT 'notification' AS type, json_array(device, package, title, content, time / 1000) AS fact
        FROM announcements JOIN phones USING (phone) WHERE content NOT LIKE 'earlier:%'
    UNION ALL
    SELECT 'whatsapp', json_array(CASE WHEN chat LIKE '%@s.whatsapp.net' THEN '+' || substr(chat, 1, instr(chat, '@') - 1)
            WHEN sender LIKE '+%' THEN replace(sender, ' ', '') ELSE sender END, text, time / 1000)
        FROM chats WHERE text NOT LIKE 'earlier:%'
    UNION ALL
    SELECT 'ussd', json_array(device, slot + 1, code, CAST(response AS TEXT))
        FROM (SELECT *, readfile('/phones/' || phone || '/network/' || slot || '/' || code || '.final') AS response FROM dials)
            JOIN phones USING (phone) WHERE kind = 'ussd' AND response IS NOT NULL;

CREATE TEMP TABLE lines(line);
.mode ascii
.separator "\037" "\n"
.import /results/received.jsonl lines
.mode list
.separator "|" "\n"
CREATE TEMP TABLE bodies AS SELECT rowid AS number, line->>'body' AS body, line->>'secret' AS secret FROM lines;
CREATE TEMP TABLE requests AS
    SELECT number, body, body->>'type' AS type, secret, body->>'$.data.id' AS id,
        body->>'$.data.rid' AS rid, body->>'$.data.sim' AS slot, body->>'$.data.device' AS device,
        body->>'$.data.phone' AS sender, body->>'$.data.message' AS text, body->>'$.data.timestamp' AS seconds,
        CASE body->>'type'
            WHEN 'notification' THEN json_array(body->>'$.data.device', body->>'$.data.package', body->>'$.data.title',
                body->>'$.data.content', body->>'$.data.timestamp')
            WHEN 'whatsapp' THEN json_array(body->>'$.data.phone', body->>'$.data.message', body->>'$.data.timestamp')
            WHEN 'ussd' THEN json_array(body->>'$.data.device', body->>'$.data.sim', body->>'$.data.code',
                body->>'$.data.response')
        END AS fact
    FROM bodies;

-- How often a fact had to come, and in how many events it came.
CREATE TEMP TABLE facts AS
    SELECT type, fact, (SELECT count(*) FROM expected WHERE expected.type = known.type AND expected.fact = known.fact) AS due,
        (SELECT count(DISTINCT id) FROM requests WHERE requests.type = known.type AND requests.fact = known.fact) AS came
    FROM (SELECT type, fact FROM expected UNION SELECT type, fact FROM requests WHERE fact IS NOT NULL) AS known;

CREATE TEMP VIEW missing AS
    SELECT 'sms', device, rid, substr(text, 1, 60) FROM stored WHERE NOT EXISTS
        (SELECT 1 FROM requests WHERE type = 'sms' AND requests.device = stored.device AND requests.rid = stored.rid)
    UNION ALL
    SELECT type, fact, due, came FROM facts WHERE came < due;
CREATE TEMP VIEW different AS
    SELECT stored.device, stored.rid, 'slot', stored.slot, requests.slot, 'sender', stored.sender, requests.sender,
        'seconds', stored.seconds, requests.seconds, 'text', length(stored.text), length(requests.text)
    FROM stored JOIN requests ON requests.device = stored.device AND requests.rid = stored.rid
    WHERE stored.slot IS NOT requests.slot OR stored.sender IS NOT requests.sender OR stored.text IS NOT requests.text
        OR stored.seconds IS NOT requests.seconds;
CREATE TEMP VIEW unknown AS
    SELECT number, substr(body, 1, 400) FROM requests WHERE fact IS NULL AND NOT EXISTS
        (SELECT 1 FROM stored WHERE requests.type = 'sms' AND stored.device = requests.device AND stored.rid = requests.rid)
    UNION ALL
    SELECT type, substr(fact, 1, 400) FROM facts WHERE due = 0;
CREATE TEMP VIEW doubled AS
    SELECT device, rid, count(DISTINCT id) FROM requests WHERE type = 'sms' GROUP BY device, rid HAVING count(DISTINCT id) > 1
    UNION ALL
    SELECT type, fact, came FROM facts WHERE came > due AND due > 0;
CREATE TEMP VIEW repeated AS SELECT id, count(*) FROM requests GROUP BY id HAVING count(*) > 1;
CREATE TEMP VIEW altered AS SELECT id, count(DISTINCT body) FROM requests GROUP BY id HAVING count(DISTINCT body) > 1;
CREATE TEMP VIEW unsigned AS
    SELECT number, type FROM requests
    WHERE secret IS NOT 'right' OR type IS NULL OR type NOT IN ('sms', 'notification', 'whatsapp', 'ussd');
-- An answer's time is the phone's, within the minute after its code was dialled.
CREATE TEMP VIEW untimely AS
    SELECT id, slot, seconds FROM requests WHERE type = 'ussd' AND NOT EXISTS (
        SELECT 1 FROM dials JOIN phones USING (phone) WHERE phones.device = requests.device AND dials.slot + 1 = requests.slot
            AND requests.seconds - dials.seconds BETWEEN 0 AND 60);
CREATE TEMP VIEW expected_of_each AS
    SELECT count(*) || ' ' || type FROM (SELECT 'sms' AS type FROM stored UNION ALL SELECT type FROM expected) GROUP BY type;
CREATE TEMP VIEW requests_of_each AS SELECT count(*) || ' ' || coalesce(type, 'without a type') FROM requests GROUP BY type;
