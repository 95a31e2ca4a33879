title = The colour of words
description = Say which colour a word is printed in, and let the word itself go by.

open = Now we look at <b>words</b> and colours.
close-success = You kept your eye on the colours. Well done.
close-warm = Thank you. That takes a lot of attention, and you stayed with it.

try-out = A word will come up. Tell me the colour of its letters, or tap it. What the word says does not matter. Let us try it together.
series-instruction = Now we begin. There is no hurry.

colour-ask = Which colour are the letters?
colour-hint = Look only at the letters, and let the word itself go by.
colour-right = Yes, these letters are { $inc }.
colour-show = These letters are { $ink }.
colour-answer = One of the four colours is all I need.
ease = Take your time. It is the colour of the letters that counts.

colour-red = red
colour-green = green
colour-blue = blue
colour-black = black
neutral-1 = table
neutral-2 = window
neutral-3 = letter
neutral-4 = chair
