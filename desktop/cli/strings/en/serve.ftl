# What the local server itself says. The façade's sentences are in app-core/companion/strings.
not-json = The request is not JSON (line { $line }, column { $column }). Nothing was changed. Load the page again; a program must send valid JSON.
wrong-type = “{ $field }” is missing or has the wrong type. Nothing was changed. Load the page again; a program must send the fields of docs/companion-api.md.
not-json-type = The request does not say that it is JSON. Nothing was changed. A program must send the header Content-Type: application/json.
no-file = The request has no part “file”. Nothing was kept. Choose the photo once more; a program must send multipart/form-data with a part named file.
cut-off = The request was cut off. Nothing was changed. Try again.
file-too-large = “file” is larger than the { $limit } MB of one photo. Nothing was kept. Save a smaller copy and choose that.
body-too-large = The request is larger than { $limit } MB. Nothing was changed. Make it shorter, or split it.
bad-query = “{ $field }” in the address cannot be read. Nothing was changed. Load the page again.
wrong-host = “Host” is not this machine. Nothing was changed. Open the address that ReMe printed, such as http://127.0.0.1:4810/.
wrong-origin = “Origin” is another page. Nothing was changed. Use ReMe's own screens, at the address that it printed.
no-header = The header “X-ReMe” is missing. Nothing was changed. Load the page again; a program must send X-ReMe: 1 with every change.
no-route = There is nothing at this address. Nothing was changed. Go back to the first page.
wrong-method = This address does not take requests of that kind. Nothing was changed. Load the page again.
bad-request = The request could not be understood. Nothing was changed. Load the page again.
reopened = These memories were closed after a fault; what was acknowledged is kept. They will be opened anew: try again.
internal = Something went wrong inside ReMe. The change was not kept, everything before it was. Try again; if it happens again, start ReMe anew.
no-session = There has been no session yet. Nothing was changed. Press start to begin one.
