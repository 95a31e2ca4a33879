# 每次训练都用的话。占位符：session-open { $name }，session-next { $game }。
session-open = { $name }，您好！很高兴见到您。
session-next = 接下来换一个：{ $game }。
session-close = 今天就到这里。谢谢您，祝您今天过得愉快。
session-stopped = 好的，咱们就到这儿。做过的都替您留着，改天再接着来。
session-distress = 对不起，让您难过了。咱们就到这里，这件事我不再提了。谢谢您告诉我。
session-help = 我在这儿，您慢慢来。您可以要个提示，也可以让我再说一遍、换一个，或者随时停下。
session-nudge = 不着急，您慢慢想。想要提示，跟我说一声就行。
