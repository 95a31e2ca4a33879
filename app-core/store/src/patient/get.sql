SELECT name, language, time_zone, born_on FROM patient
