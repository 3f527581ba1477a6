package feeds

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxPause bounds how long a host is left alone because it said, with an answer
// it did give, that it will give no more for now. Unlike Retry-After that is no
// request, and some servers count wrongly.
const maxPause = time.Hour

// retryAfter reads Retry-After, in seconds or as a date, else when the server's
// rate limit counts anew; 0 if there is none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.Atoi(value); err == nil && n > 0 {
		return time.Duration(min(n, 365*24*3600)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		// The server's clock may be wrong: only the distance counts.
		if date, err := http.ParseTime(h.Get("Date")); err == nil {
			now = date
		}
		if at.After(now) {
			return at.Sub(now)
		}
	}
	_, reset := allowance(h, now)
	return reset
}

// allowance reads what a server's rate limit headers say: how many more
// requests it will serve, -1 if it does not say, and in what time it counts
// anew, 0 if it does not say. There are the header of the current draft
// (draft-ietf-httpapi-ratelimit-headers: "default";r=0;t=30), that of earlier
// ones (limit=100, remaining=0, reset=30) and the pair that came before both.
func allowance(h http.Header, now time.Time) (left float64, reset time.Duration) {
	left = -1
	served := func(value string) {
		if n, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil && n >= 0 && (left < 0 || n < left) {
			left = n
		}
	}
	// The names are spelled as http.Header keeps them.
	for _, prefix := range [...]string{"Ratelimit-", "X-Ratelimit-"} {
		served(h.Get(prefix + "Remaining"))
		reset = max(reset, untilReset(h.Get(prefix+"Reset"), now))
	}
	for part := range strings.FieldsFuncSeq(h.Get("Ratelimit"), func(r rune) bool { return r == ',' || r == ';' }) {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "r", "remaining":
			served(value)
		case "t", "reset":
			reset = max(reset, untilReset(value, now))
		}
	}
	return left, reset
}

// untilReset reads the seconds to a moment, or since 1970, as some count; 0 if
// it is no such number or lies in the past.
func untilReset(value string, now time.Time) time.Duration {
	n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	switch {
	case err != nil || !(n > 0): // NaN is not greater, either
		return 0
	case n > 1e12:
		return 0
	case n > 1e9:
		return max(0, time.Unix(int64(n), 0).Sub(now))
	}
	return time.Duration(n * float64(time.Second))
}

// spent keeps everybody from a domain that has just served its last request for
// now.
func (c *Client) spent(host string, h http.Header) {
	now := time.Now()
	if left, reset := allowance(h, now); left >= 0 && left < 1 && reset > 0 {
		c.hosts.forbid(host, now.Add(min(reset, maxPause)))
	}
}
