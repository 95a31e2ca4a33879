-- What a session's trials add up to, per domain, so that a trend is read from a few rows a session. Made anew from the trials of a
-- session whenever one of them comes or goes; what counts is defined in reme-assessment.

CREATE TABLE session_sums (
  clinic_id  TEXT NOT NULL,
  patient_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  domain     TEXT NOT NULL,
  trials     BIGINT NOT NULL,           -- that count
  successes  DOUBLE PRECISION NOT NULL,
  rungs      BIGINT NOT NULL,           -- of them laddered
  rung_sum   BIGINT NOT NULL,
  rung_0     BIGINT NOT NULL,
  rung_1     BIGINT NOT NULL,
  rung_2     BIGINT NOT NULL,
  rung_3     BIGINT NOT NULL,
  rung_4     BIGINT NOT NULL,
  rung_5     BIGINT NOT NULL,
  rung_6     BIGINT NOT NULL,
  rung_7     BIGINT NOT NULL,
  PRIMARY KEY (clinic_id, patient_id, session_id, domain),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);
CREATE INDEX sessions_by_day ON sessions (clinic_id, patient_id, day);

INSERT INTO session_sums
SELECT clinic_id, patient_id, session_id, domain, count(*),
  CAST(sum(CASE WHEN rung IS NOT NULL THEN CASE WHEN rung <= 2 AND score > 0 THEN 1.0 ELSE 0.0 END ELSE score END)
    AS DOUBLE PRECISION),
  count(rung), CAST(COALESCE(sum(rung), 0) AS BIGINT),
  count(CASE WHEN rung = 0 THEN 1 END), count(CASE WHEN rung = 1 THEN 1 END), count(CASE WHEN rung = 2 THEN 1 END),
  count(CASE WHEN rung = 3 THEN 1 END), count(CASE WHEN rung = 4 THEN 1 END), count(CASE WHEN rung = 5 THEN 1 END),
  count(CASE WHEN rung = 6 THEN 1 END), count(CASE WHEN rung = 7 THEN 1 END)
FROM trials WHERE practice = 0 AND matched_by <> 'model'
GROUP BY clinic_id, patient_id, session_id, domain;
