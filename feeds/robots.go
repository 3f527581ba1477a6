package feeds

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"broadsheet/feeds/article"
)

const (
	// maxRobots is how much of a robots.txt is read: what RFC 9309 (2.5) wants
	// at least.
	maxRobots = 500 << 10
	// robotsKept is how long a robots.txt holds (RFC 9309, 2.4), robotsAway how
	// long one that could not be read keeps us from the site's pages, unless the
	// server says that it will answer sooner.
	robotsKept = 24 * time.Hour
	robotsAway = 10 * time.Minute
	// maxRobotsHosts and maxRobotsBytes bound the memory of all sites together.
	maxRobotsHosts = 2048
	maxRobotsBytes = 8 << 20
	// maxRobotsRules bounds what one file can cost at each page, in bytes of its
	// patterns with wildcards; the others are compared no further than they agree.
	// maxRobotsPath is how much of a pattern or path is compared.
	maxRobotsRules = 100 << 10
	maxRobotsPath  = 2048
)

var (
	errRobots     = errors.New("robots.txt forbids this page")
	errRobotsAway = errors.New("robots.txt cannot be read, so nobody knows what it allows")
)

// robots remembers what the robots.txt of sites allow us. It is asked for
// pages, which are read in numbers because feeds name them; not for feeds,
// which are published for programs, nor for what a person asks for.
type robots struct {
	loading singleflight.Group

	mu    sync.Mutex
	sites map[string]*robotsSite
	bytes int
}

// robotsSite is what one robots.txt says. err is set if it could not be read.
type robotsSite struct {
	rules []robotsRule
	err   *Error
	until time.Time // asked again from then on
	used  time.Time
	size  int
}

// permit reports as an error that robots.txt forbids a page, or cannot be read
// for a passing reason (RFC 9309, 2.3.1.4: then nothing may be read).
func (c *Client) permit(ctx context.Context, at *url.URL) *Error {
	site := at.Scheme + "://" + at.Host
	now := time.Now()
	entry := c.robots.find(site, now)
	for entry == nil {
		loaded, err, _ := c.robots.loading.Do(site, func() (any, error) {
			e := c.loadRobots(ctx, site)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			c.robots.keep(site, e)
			return e, nil
		})
		switch {
		case err == nil:
			entry = loaded.(*robotsSite)
		case ctx.Err() != nil: // else whoever was loading it for us has given up
			return &Error{Kind: Temporary, URL: MaskURL(at.String()), Err: ctx.Err()}
		}
	}
	if entry.err != nil {
		e := *entry.err
		e.URL, e.RetryAfter = MaskURL(at.String()), max(e.RetryAfter, time.Until(entry.until))
		return &e
	}
	if !robotsAllow(entry.rules, robotsPath(at)) {
		return &Error{Kind: Forbidden, URL: MaskURL(at.String()), Err: errRobots}
	}
	return nil
}

// robotsPath is what of an address rules are compared with. An empty path is the
// root's (RFC 3986, 6.2.3).
func robotsPath(at *url.URL) string {
	path := at.EscapedPath()
	if path == "" {
		path = "/"
	}
	if at.RawQuery != "" {
		path += "?" + at.RawQuery
	}
	return path
}

// loadRobots fetches and reads a site's robots.txt through the host's queue.
// Any refusal of the file allows everything, whatever the site thinks of the
// rest (RFC 9309, 2.3.1.3).
func (c *Client) loadRobots(ctx context.Context, site string) *robotsSite {
	e := &robotsSite{until: time.Now().Add(robotsKept)}
	res, err := c.document(ctx, request{url: site + "/robots.txt", accept: "text/plain, */*;q=0.1", max: maxRobots})
	switch {
	case err == nil:
		e.rules = parseRobots(res.body, article.Agent)
		res.release()
		for _, r := range e.rules {
			e.size += len(r.pattern) + 32
		}
	case err.Kind == Private:
		e.err = err
	case err.Temporary():
		away := robotsAway
		if err.RetryAfter > 0 {
			away = min(away, err.RetryAfter)
		}
		e.until = time.Now().Add(away)
		e.err = &Error{Kind: err.Kind, Status: err.Status, RetryAfter: err.RetryAfter, Err: errors.Join(errRobotsAway, err.Err)}
	}
	return e
}

// find returns what is known of a site, nil if nothing is.
func (r *robots) find(site string, now time.Time) *robotsSite {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.sites[site]
	if e == nil || !now.Before(e.until) {
		return nil
	}
	e.used = now
	return e
}

// keep remembers a site and forgets those that were asked for longest ago.
func (r *robots) keep(site string, e *robotsSite) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sites == nil {
		r.sites = map[string]*robotsSite{}
	}
	if old := r.sites[site]; old != nil {
		r.bytes -= old.size
	}
	e.used = time.Now()
	r.sites[site] = e
	r.bytes += e.size
	for len(r.sites) > 1 && (len(r.sites) > maxRobotsHosts || r.bytes > maxRobotsBytes) {
		oldest := ""
		for name, other := range r.sites {
			if name != site && (oldest == "" || other.used.Before(r.sites[oldest].used)) {
				oldest = name
			}
		}
		r.bytes -= r.sites[oldest].size
		delete(r.sites, oldest)
	}
}

// robotsRule is one Allow or Disallow line.
type robotsRule struct {
	pattern string
	allow   bool
}

// parseRobots returns the rules of a robots.txt that concern the program of
// that name, in lower case: those of the groups that name it, else those of
// the groups for all (RFC 9309, 2.2.1). Lines that mean nothing are passed
// over, however many they are.
//
// The libraries there are were looked at: temoto/robotstxt v1.1.2, the last
// since 2021, gives a whole file up for one bad line, matches patterns with
// wildcards anywhere in the path and compiles each into a regular expression.
func parseRobots(body []byte, agent string) []robotsRule {
	var ours, all robotsGroup
	named := false           // a group of ours was there, with rules or without
	us, them := false, false // whom the group being read concerns
	agents := false          // the last line named a program
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	for line := range bytes.FieldsFuncSeq(body, func(r rune) bool { return r == '\n' || r == '\r' }) {
		text, _, _ := strings.Cut(string(line), "#")
		key, value, ok := strings.Cut(text, ":")
		if !ok {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch key {
		case "user-agent":
			if !agents {
				us, them = false, false
			}
			agents = true
			us, them = us || robotsToken(value) == agent, them || value == "*"
			named = named || us
		case "allow", "disallow":
			agents = false
			switch {
			case us:
				ours.add(value, key == "allow")
			case them:
				all.add(value, key == "allow")
			}
		}
	}
	if named {
		return ours.rules
	}
	return all.rules
}

// robotsGroup collects the rules of the groups that name one program.
type robotsGroup struct {
	rules []robotsRule
	wild  int // bytes of patterns with wildcards
}

func (g *robotsGroup) add(path string, allow bool) {
	if path == "" || path[0] != '/' && path[0] != '*' {
		return // an empty Disallow forbids nothing
	}
	rule := robotsRule{pattern: robotsPattern(path), allow: allow}
	n := len(rule.pattern)
	if strings.Contains(rule.pattern, "*") {
		if g.wild+n > maxRobotsRules {
			return
		}
		g.wild += n
	}
	if n <= maxRobotsPath {
		g.rules = append(g.rules, rule)
	}
}

// robotsToken is the product token at the beginning of a User-agent line, in
// lower case: files also hold "Broadsheet/1.0".
func robotsToken(value string) string {
	end := strings.IndexFunc(value, func(r rune) bool {
		return r != '-' && r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end >= 0 {
		value = value[:end]
	}
	return strings.ToLower(value)
}

// robotsAllow reports whether a path with its query may be read: by the rule
// with the longest pattern, and of two equal ones by the one that allows.
func robotsAllow(rules []robotsRule, path string) bool {
	path = robotsEscape(path, "$*")
	path = path[:min(len(path), maxRobotsPath)]
	allowed, length := true, -1
	for _, r := range rules {
		n := len(r.pattern)
		if n < length || n == length && allowed || !robotsMatch(r.pattern, path) {
			continue
		}
		allowed, length = r.allow, n
	}
	return allowed || path == "/robots.txt"
}

// robotsMatch reports whether a path begins as pattern says, in which * stands
// for anything and a $ at the end for the path's end. It takes time in
// proportion to the product of the lengths at worst.
func robotsMatch(pattern, path string) bool {
	end := strings.HasSuffix(pattern, "$")
	pattern = strings.TrimSuffix(pattern, "$")
	if !end {
		pattern += "*"
	}
	p, s, star, mark := 0, 0, -1, 0
	for s < len(path) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, s
			p++
		case p < len(pattern) && pattern[p] == path[s]:
			p++
			s++
		case star >= 0:
			mark++
			p, s = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// robotsPattern brings a pattern to the form in which it is compared. A $ means
// the end only where it is at the end.
func robotsPattern(s string) string {
	inner, end := strings.CutSuffix(s, "$")
	if inner = robotsEscape(inner, "$"); end {
		inner += "$"
	}
	return inner
}

// robotsEscape brings a pattern or a path to the form in which they are
// compared (RFC 9309, 2.2.2 and 2.2.3): bytes beyond ASCII and those of special
// escaped, escapes of letters and digits undone, the others in upper case.
func robotsEscape(s, special string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			hi, lo := strings.IndexByte(hex, upper(s[i+1])), strings.IndexByte(hex, upper(s[i+2]))
			if hi >= 0 && lo >= 0 {
				c = byte(hi<<4 | lo)
				i += 2
				if !unreserved(c) {
					b.WriteByte('%')
					b.WriteByte(hex[hi])
					b.WriteByte(hex[lo])
					continue
				}
			}
		}
		if c >= 0x80 || c <= ' ' || strings.IndexByte(special, c) >= 0 {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// upper is an ASCII letter in upper case.
func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}

// unreserved reports the characters that an address holds without escapes
// (RFC 3986, 2.3).
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
