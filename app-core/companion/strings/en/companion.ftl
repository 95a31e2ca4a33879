# What the façade says to a person. Every sentence: what happened, what was kept, what to do.

## Errors with a field. Problems stand in the middle of the sentence `invalid`.
invalid = “{ $field }” { $problem }. Nothing was changed.
problem-length = must have 1 to { $most } characters
problem-too-many = may hold at most { $most }
problem-zone = is “{ $zone }”, which is no time zone; write one such as Europe/London or Asia/Shanghai
problem-choice = must be one of { $allowed }
problem-range = must be { $low } to { $high }
problem-time = cannot be read as a time; write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm, such as 2024-05-02
problem-after-today = lies after today, { $today }; write the day it happened
problem-id = is not an id that ReMe gave; load the page again
problem-no-photo = names a photo that is not here; add the photo first
problem-fact-kind = number { $number } has a kind that is not known; choose person, place, time, food, activity, number, animal or thing
problem-fact-question = number { $number } needs a question of 1 to 200 characters
problem-fact-answer = number { $number } needs an answer of 1 to 120 characters, and other wordings no longer than that
problem-fact-holds-answer = number { $number } has the answer in its question; ask in other words, so that there is something to recall
problem-not-the-name = is not the patient's name; write it exactly as it is shown
problem-key-missing = for these memories is not in the { $place }; put it back. The memories were left as they are
problem-no-game = holds no game that is switched on; switch on at least one
problem-unknown-game = names “{ $game }”, which is no game of this version; load the page again
problem-levels = of { $game } must have levels from 1 to { $levels }, the lowest not above the highest
problem-turn = is not where the session is now; load the page again, and go on from there
problem-not-shown = is none of the answers on the screen; choose one of them
problem-no-consent = must be given: without the person's agreement nothing is kept of what they look like

## What does not fit
conflict-same-name = Somebody of that name is among the people already, and memories name people. Nothing was changed. Open that person to change them, or add a word that tells the two apart.
conflict-in-bin = This memory lies in the bin. Nothing was changed. Take it out of the bin first.
conflict-plan-changed = The plan was changed in the meantime. Nothing was changed now. Load the page again and look at the new plan first.
conflict-name-the-group = A group of faces is not accepted as it is. Nothing was changed. Say who it is, or dismiss it.
conflict-forgotten = These faces were forgotten when they were dismissed. Nothing was changed. Look at the photos again to find them.
conflict-two-people = These faces bear the names of two people. Nothing was changed. Forget the face of one of them first.
seeing-missing-faces = Finding people in photos is not set up on this device; everything else goes on. To set it up, type: reme model pull seeing.
seeing-missing-text = Reading words in photos is not set up on this device; everything else goes on. To set it up, type: reme model pull seeing.
seeing-missing-things = Naming things in photos is not set up on this device; everything else goes on. To set it up, type: reme model pull seeing.
no-patient = There is nobody of that address on this device. Nothing was changed. Go back to the list of people.

## When no session can begin: read by the patient
blocked-cap = You have done { $minutes } minutes today, and that is plenty. Have a good rest; tomorrow we go on.
blocked-not-yet = We begin on { $day }. Until then there is nothing you have to do.
blocked-over = The plan ran until { $day }, and you have done your part. Whoever looks after it with you can set a new one.
blocked-nothing-ready = There is no game ready just now. Whoever looks after the plan with you can choose one.

## The store
store-in-use = Another ReMe has these memories open, perhaps a command in a terminal. Nothing was changed. Close it and try again.
store-exists = { $path } already holds somebody's memories. Nothing was changed. Choose another name.
store-missing = { $path } holds no memories yet. Nothing was changed. Go back to the list of people.
store-wrong-key = The key does not open { $path }. Nothing was changed. Put back the key file or keyring entry it was made with.
store-damaged = { $path } is damaged. Nothing was overwritten. Keep a copy of the file and import the last export.
store-newer = These memories were written by a newer ReMe. Nothing was changed. Update ReMe and try again.
store-disk-full = The disk is full. The last change was not kept, everything before it was. Free some space and do it again.
store-read-only = { $path } cannot be written. Nothing was changed. Check its permissions, or start ReMe with another folder.
store-too-large = “{ $field }” has { $size } bytes, and at most { $limit } are kept in one piece. Nothing was changed. Make it shorter, or split it in two.
store-damaged-media = This photo is damaged or was changed from outside. Everything else is untouched. Add it again from where it came from.
store-key-file = The key that { $path } stands for cannot be used: the file holds no key, others can read it, or the keyring it points to does not give it. Nothing was changed. Put the right file back, readable by its owner only, or unlock the keyring, and try again.
store-io = { $path } could not be used: { $reason }. Nothing was changed. Check the folder and try again.
store-database = The database refused the change. It was not kept, everything before it was. Try again; if it happens again, start ReMe anew.
store-already-resolved = Somebody has accepted or dismissed this suggestion already. Nothing was changed. Undo that first.
not-found-memory = There is no such memory; it may have been removed for good. Nothing was changed. Load the list again.
not-found-person = There is no such person; they may have been removed. Nothing was changed. Load the list again.
not-found-session = There is no such session. Nothing was changed. Load the page again.
not-found-suggestion = There is no such suggestion any more. Nothing was changed. Load the page again.
not-found-face = There is no such face or group of faces any more. Nothing was changed. Load the page again.
not-found-photo = There is no such photo; it may have been removed for good. Nothing was changed. Load the page again.

## Notes
text-empty = “text” is empty. Nothing was kept. Write a sentence about what happened, or add a photo.
text-too-long = “text” has { $chars } characters, more than the { $most } of one memory. Nothing was kept. Split it into several memories.

## Photos
photo-empty = “file”: the photo is empty (0 bytes). Nothing was kept. Copy the photo again and choose it once more.
photo-unsupported = “file”: this is a { $found } file, which cannot be read. Nothing was kept. Save it as JPEG, PNG or WebP and choose that.
photo-unknown = “file”: this is not a photo that can be recognised. Nothing was kept. Choose a JPEG, PNG or WebP photo.
photo-too-large = “file”: { $width } × { $height } pixels are more than the limit of 100 million. Nothing was kept. Save a smaller copy and choose that.
photo-damaged = “file”: the { $found } photo is damaged or cut off. Nothing was kept. Copy it again from the phone or camera.
photo-encode = “file”: a smaller copy could not be made. Nothing was kept. Try again, or save the photo as JPEG.
photo-date-unreadable = The photo's date ({ $date }) cannot be read and was left out. Type the date yourself.
photo-date-no-such-day = The photo's date ({ $date }) is no day of the calendar and was left out. Type the date yourself.
photo-date-future = The photo's date ({ $date }) lies in the future and was left out. Type the date yourself.
photo-date-too-old = The photo's date ({ $date }) is older than photography and was left out. Type the date yourself.
photo-position = The photo's position is not on the globe and was left out. Type the place yourself.

## What was sensed
sensed-minutes = { $minutes } minutes
sensed-hours = about { $hours } hours
sensed-walking = a walk of { $time }
sensed-running = a run of { $time }
sensed-cycling = a bicycle ride of { $time }
sensed-vehicle = a ride of { $time }
sensed-exercise = exercise for { $time }
sensed-from-to = { $what } from { $from } to { $to }
sensed-from = { $what } from { $from }
sensed-to = { $what } to { $to }
sensed-around = { $what } from { $place } and back
sensed-home = home
sensed-stay = { $time } at { $place }
sensed-stay-somewhere = { $time } in one place
sensed-then = { $before }, then { $next }
sensed-stop = { $text }.
sensed-calendar = In the calendar: { $title }.
sensed-photos = Photos from that time: { $count }.
sensed-unknown-file = { $file } is none of the files that are read here, and nothing of it was kept. Choose an Apple Health export.xml, a file of Google Takeout, a GPX file, a calendar (.ics) or Open mHealth records.
sensed-archive = { $file } is a zip archive, and nothing of it was kept. Unpack it and choose the files inside.
sensed-broken-off = { $file } could not be read past line { $line }. What came before was used. Check the disk and choose the file again.
sensed-nothing-in-time = { $file } holds nothing of the days looked at. Nothing of it was kept. Look at more days.
sensed-too-many = There was more than can be looked at in one go, and { $count } records were left out. Look at fewer days.
sensed-left-out = { $file }, line { $line }, { $field }: { $fault }. The record was left out.
sensed-rest-kept = { $file }, line { $line }, { $field }: { $fault }. The rest of the record was used.
sensed-not-json = this is not JSON
sensed-not-xml = this is not well-formed XML
sensed-not-utf8 = this is not UTF-8 text
sensed-too-long = this is longer than any record can be
sensed-missing = this is missing
sensed-not-a-time = this is no point in time
sensed-not-a-span = this ends before it starts, or lasts too long
sensed-not-a-number = this is no number
sensed-out-of-range = no person and no place has such a value
sensed-unknown-unit = this unit is not known
sensed-unknown-kind = this kind of line is not known
sensed-unknown-rule = this rule of repetition is not followed; only the first time was taken
sensed-unknown-zone = this time zone is not known; your own was taken
sensed-cut-off = the file ends in the middle
