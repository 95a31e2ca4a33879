-- A few closed questions on how training goes at home, answered by a carer or a clinician. Empty text: not answered.

CREATE TABLE check_ins (
  clinic_id   TEXT NOT NULL,
  patient_id  TEXT NOT NULL,
  id          TEXT NOT NULL,
  day         TEXT NOT NULL,            -- the day it is about, YYYY-MM-DD
  willingness TEXT NOT NULL,
  mood        TEXT NOT NULL,
  tiredness   TEXT NOT NULL,
  help        TEXT NOT NULL,
  change_seen TEXT NOT NULL,
  remark      TEXT NOT NULL,
  made_by     TEXT NOT NULL,
  made_ms     BIGINT NOT NULL,
  PRIMARY KEY (clinic_id, patient_id, id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);
CREATE INDEX check_ins_by_day ON check_ins (clinic_id, patient_id, day);
