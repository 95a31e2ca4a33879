# Lines that every session shares. Placeholders: session-open { $name }, session-next { $game }.
session-open = Hello, { $name }. It is good to see you.
session-next = Now something else: { $game }.
session-close = That is all for today. Thank you for your time. Have a lovely day.
session-stopped = Of course. We stop here. What you did is kept, and we can go on another day.
session-distress = I am sorry that this made you sad. We stop here, and I will leave it be. Thank you for telling me.
session-help = I am here. Take all the time you like. You can have a hint, hear it again, choose another one, or stop at any time.
session-nudge = Take all the time you need. If you would like a hint, just say so.
