title = Memories of my life
description = A quiet talk about something from your own life, with a little help where you want it.

open = I would like to hear about your own life today.
no-memory = I have no memory ready to talk about today. We can do something else.
close-success = You brought good things back today. Thank you for sharing them with me.
close-warm = Thank you for talking with me. It was good to have this time together.

# Practice
example-instruction = First a small example, so that you see how it goes. I tell you a little story, and then I ask about it.
example-story = { $story }
example-done = That is all there is to it. Now to your own life.

# Free telling
think-back-when = Please think back to { $when }. What do you remember?
think-back-place = Please think of this place: { $place }. You told me about something there. What do you remember?
think-back-people = You told me about something with { $people } in it. What do you remember?
think-back = You told me about something not long ago. What do you remember?
anything-else = Does anything else come back to you?
go-on = Please do. I am listening.
thanks = Thank you for telling me.
come-back = Thank you for telling me that. Let us go back to what we were talking about.
leave-memory = Of course. We leave that one.

# What was right
confirm-1 = Yes, that is right: { $answer }.
confirm-2 = Yes, { $answer }.
confirm-3 = That is it: { $answer }.
confirm-several = Yes: { $answer }. All of that is right.
confirm-plain = Yes, that is right.
part-named = Yes, that is part of it: { $answer }.
part = Yes, that is part of it.
more-of-it = And what else? { $question }

# Questions and cues
questions = Then let me ask you a little about it.
question = { $question }
leave-question = Of course. We leave that question.
forgot-1 = That is quite all right.
forgot-2 = Never mind. We have time.
forgot-3 = That is fine. Let us look at it together.
not-quite-1 = Thank you. Let me help you a little.
not-quite-2 = I see. Here is a little more.
cue-when = It was { $when }. { $question }
cue-people = Think of { $people }. { $question }
cue-when-people = It was { $when }. Think of { $people }. { $question }
cue-place = Think of the place: { $place }. { $question }
cue-meaning = A little hint: { $hint }. { $question }
cue-first = It begins with “{ $start }”. { $question }
cue-blurred = Here is a part of the picture. { $question }
cue-choice = It is one of these. { $question }
cue-photo = Here is the whole picture. { $question }

# Told, and repeated
tell = I can tell you: { $answer }. Would you say it once with me?
repeated = Yes, { $answer }. Thank you.
repeated-not = That is fine. I keep it for both of us.
once-more = Let us come back to something for a moment.
muse = How did it feel, back then?
muse-thanks = Thank you for telling me.

# The warm close
picture = Here is the picture of it.
recap = So this is what you told me: { $list }. That is good to have.
recap-told = Now we both have it again: { $list }.
