package discord

import (
	"net/http"
	"strings"
)

// route is what Discord's limits tell requests apart by.
type route struct {
	method string
	// template is the method and path with ids and tokens replaced.
	template string
	// major is the id whose limits are counted apart: channel, guild, webhook.
	major string
	// callback is the first answer to an interaction, which has no limit.
	callback bool
	// exempt routes do not count towards 50 requests a second: answers to
	// interactions.
	exempt bool
	// idempotent requests may be sent twice.
	idempotent bool
}

// routeOf classifies a request by its address below the API's version.
func routeOf(r *http.Request) route {
	parts := strings.Split(endpoint(r.URL), "/")
	rt := route{method: r.Method, idempotent: r.Method != http.MethodPost}
	out := append([]string{r.Method}, parts...)
	switch {
	case parts[0] == "interactions" && len(parts) == 4:
		rt.callback, rt.exempt = true, true
		out[2], out[3] = "{id}", "{token}"
	case parts[0] == "webhooks" && len(parts) >= 3:
		rt.exempt = true
		rt.major = parts[1] + "/" + parts[2]
		out[2], out[3] = "{id}", "{token}"
	case (parts[0] == "channels" || parts[0] == "guilds") && len(parts) >= 2:
		rt.major = parts[1]
	}
	for i, p := range out {
		if digits(p) {
			out[i] = "{id}"
		}
	}
	rt.template = strings.Join(out, "/")
	return rt
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
