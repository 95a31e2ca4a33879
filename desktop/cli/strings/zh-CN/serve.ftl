# 本机服务自己说的话。其余的在 app-core/companion/strings。
not-json = 请求不是 JSON（第 { $line } 行，第 { $column } 列）。没有改动任何内容。请重新打开页面；程序要发送有效的 JSON。
wrong-type = 缺少“{ $field }”，或者它的类型不对。没有改动任何内容。请重新打开页面；程序要按 docs/companion-api.md 的字段发送。
not-json-type = 请求没有说明自己是 JSON。没有改动任何内容。程序要发送 Content-Type: application/json。
no-file = 请求里没有“file”这一部分。没有保存任何内容。请再选一次照片；程序要用 multipart/form-data 发送名为 file 的部分。
cut-off = 请求中途断了。没有改动任何内容。请再试一次。
file-too-large = “file”超过一张照片的上限 { $limit } MB。没有保存任何内容。请存一张小一点的再选。
body-too-large = 请求超过 { $limit } MB。没有改动任何内容。请缩短，或者分几次。
bad-query = 网址里的“{ $field }”读不出来。没有改动任何内容。请重新打开页面。
wrong-host = “Host”不是这台机器。没有改动任何内容。请打开忆我显示的地址，例如 http://127.0.0.1:4810/。
wrong-origin = “Origin”是别的网页。没有改动任何内容。请用忆我自己的页面，打开它显示的地址。
no-header = 缺少“X-ReMe”这个请求头。没有改动任何内容。请重新打开页面；程序每次改动都要带上 X-ReMe: 1。
no-route = 这个地址什么也没有。没有改动任何内容。请回到首页。
wrong-method = 这个地址不接受这种请求。没有改动任何内容。请重新打开页面。
bad-request = 看不懂这个请求。没有改动任何内容。请重新打开页面。
reopened = 出过一次故障，这些回忆已经关上；确认过的都在。会重新打开：请再试一次。
internal = 忆我里面出了故障。这次改动没有存下，之前的都在。请再试一次；如果还是这样，请重新启动忆我。
no-session = 还没有做过训练。没有改动任何内容。按“开始”就可以做一次。
