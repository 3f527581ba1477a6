package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"broadsheet/bot/schedule"
)

// key is one name that may be written in the file: an option of the program (T
// is Config) or a part of a declared feed or digest.
type key[T any] struct {
	name     string
	initial  string // as it would be written in the environment
	help     string
	secret   bool
	list     bool // several values, in YAML a sequence
	required bool
	set      func(into *T, values []string) error
	show     func(from *T) string
}

// def is the default as values.
func (k key[T]) def() []string {
	if k.list {
		return splitList(k.initial)
	}
	return []string{k.initial}
}

// options is the table of options: the order is that of help, dump and README.
func options() []key[Config] {
	return []key[Config]{
		{name: "database", initial: "broadsheet.db", help: "where everything is kept: PATH, sqlite:PATH or postgres://…",
			set:  one(func(c *Config, s string) error { c.Database = s; return checkDatabase(s) }),
			show: func(c *Config) string { return maskURL(c.Database) }},
		{name: "discord.token", secret: true, help: "the bot's token; also DISCORD_TOKEN",
			set:  one(func(c *Config, s string) (err error) { c.Discord.Token, err = parseToken(s); return err }),
			show: func(c *Config) string { return c.Discord.Token.String() }},
		text("discord.token_file", "", "file that holds the bot's token; also DISCORD_TOKEN_FILE",
			func(c *Config) *string { return &c.Discord.TokenFile }, nil),
		masked(text("discord.api_url", "", "base address of Discord's API, for REST proxies and the simulator; empty: Discord's own",
			func(c *Config) *string { return &c.Discord.APIURL }, checkWebURL)),
		{name: "fetch.allow_networks", list: true, help: "private networks that feeds and pages may be on, such as 10.1.0.0/16",
			set: func(c *Config, list []string) (err error) {
				c.Fetch.AllowNetworks, err = parseNetworks(list)
				return err
			},
			show: func(c *Config) string { return showNetworks(c.Fetch.AllowNetworks) }},
		duration("fetch.interval", "15m", time.Second, 7*day, "shortest time between two visits of a feed",
			func(c *Config) *time.Duration { return &c.Fetch.Interval }),
		duration("fetch.max_interval", "1d", time.Second, 30*day, "longest time between two visits of a feed",
			func(c *Config) *time.Duration { return &c.Fetch.MaxInterval }),
		duration("fetch.timeout", "20s", time.Second, 5*time.Minute, "for one request, from the connection to the last byte",
			func(c *Config) *time.Duration { return &c.Fetch.Timeout }),
		duration("fetch.host_spacing", "1s", 0, time.Hour, "least time between two requests to one host",
			func(c *Config) *time.Duration { return &c.Fetch.HostSpacing }),
		number("fetch.concurrency", 64, 1, 10_000, "requests in flight at most",
			func(c *Config) *int { return &c.Fetch.Concurrency }),
		{name: "fetch.max_bytes", initial: "5MiB", help: "largest body of a feed or page after decompression",
			set:  one(func(c *Config, s string) (err error) { c.Fetch.MaxBytes, err = parseSize(s); return err }),
			show: func(c *Config) string { return showSize(c.Fetch.MaxBytes) }},
		text("fetch.contact", "", "address or mailbox named in the User-Agent, so that publishers can reach you",
			func(c *Config) *string { return &c.Fetch.Contact }, checkContact),
		{name: "digest.timezone", initial: "UTC", help: "time zone of a digest whose own is not set",
			set:  one(func(c *Config, s string) (err error) { c.Digest.Timezone, err = parseZone(s); return err }),
			show: func(c *Config) string { return c.Digest.Timezone }},
		choice("digest.locale", "en-US", "language of posts where neither digest nor server say one", locales(),
			func(c *Config) *string { return &c.Digest.Locale }),
		duration("digest.teaser_wait", "2m", 0, time.Hour, "how long a digest waits for the pages of its articles",
			func(c *Config) *time.Duration { return &c.Digest.TeaserWait }),
		number("digest.cards", 5, 0, 25, "stories of a digest that get a card", func(c *Config) *int { return &c.Digest.Cards }),
		number("digest.lines", 8, 0, 50, "further stories that get a line", func(c *Config) *int { return &c.Digest.Lines }),
		number("instant.per_hour", 10, 1, 1000, "instant posts per channel and hour; the rest fold into one message",
			func(c *Config) *int { return &c.Instant.PerHour }),
		text("health.listen", "", "HOST:PORT for /healthz, /readyz and /metrics; empty: nowhere",
			func(c *Config) *string { return &c.Health.Listen }, checkListen),
		choice("log.level", "info", "what is logged", []string{"debug", "info", "warn", "error"}, func(c *Config) *string { return &c.Log.Level }),
		choice("log.format", "text", "how it is logged", []string{"text", "json"}, func(c *Config) *string { return &c.Log.Format }),
		duration("run.grace", "20s", 0, 10*time.Minute, "how long a post that is being sent may still take after SIGTERM",
			func(c *Config) *time.Duration { return &c.Run.Grace }),
		duration("retention.articles", "0s", 0, 100*365*day, "how long articles are kept; 0s: for ever",
			func(c *Config) *time.Duration { return &c.Retention.Articles }),
	}
}

// locales are Discord's names of the languages that Broadsheet speaks.
func locales() []string {
	return []string{"en-US", "en-GB", "de", "fr", "es-ES", "es-419", "pt-BR", "ja"}
}

// one adapts a setter of a single value.
func one[T any](set func(*T, string) error) func(*T, []string) error {
	return func(into *T, values []string) error {
		if len(values) != 1 {
			return errors.New("wants one value, not a list")
		}
		return set(into, values[0])
	}
}

// text is a key whose value is kept as it is; check may be nil and is not asked
// about an empty value.
func text[T any](name, initial, help string, at func(*T) *string, check func(string) error) key[T] {
	return key[T]{name: name, initial: initial, help: help, show: func(c *T) string { return *at(c) },
		set: one(func(c *T, s string) error {
			*at(c) = s
			if s == "" || check == nil {
				return nil
			}
			return check(s)
		})}
}

// masked is an address that may hold a password.
func masked[T any](k key[T]) key[T] {
	show := k.show
	k.show = func(c *T) string { return maskURL(show(c)) }
	return k
}

func choice[T any](name, initial, help string, of []string, at func(*T) *string) key[T] {
	return text(name, initial, help+" ("+strings.Join(of, ", ")+")", at, func(s string) error {
		for _, one := range of {
			if strings.EqualFold(one, s) {
				return nil
			}
		}
		return fmt.Errorf("%q is none of %s%s", s, strings.Join(of, ", "), meant(s, of))
	}).fold(of, at)
}

// fold writes a choice as the list does, whatever the case it was typed in.
func (k key[T]) fold(of []string, at func(*T) *string) key[T] {
	set := k.set
	k.set = func(c *T, values []string) error {
		err := set(c, values)
		for _, one := range of {
			if strings.EqualFold(one, *at(c)) {
				*at(c) = one
			}
		}
		return err
	}
	return k
}

func number[T any](name string, initial, least, most int, help string, at func(*T) *int) key[T] {
	return key[T]{name: name, initial: strconv.Itoa(initial), help: help, show: func(c *T) string { return strconv.Itoa(*at(c)) },
		set: one(func(c *T, s string) error {
			n, err := strconv.Atoi(s)
			if err != nil || n < least || n > most {
				return fmt.Errorf("%q is no number from %d to %d", s, least, most)
			}
			*at(c) = n
			return nil
		})}
}

func duration(name, initial string, least, most time.Duration, help string, at func(*Config) *time.Duration) key[Config] {
	return key[Config]{name: name, initial: initial, help: help, show: func(c *Config) string { return showDuration(*at(c)) },
		set: one(func(c *Config, s string) error {
			d, err := parseDuration(s)
			if err != nil {
				return err
			}
			if d < least || d > most {
				return fmt.Errorf("%s is not between %s and %s", s, showDuration(least), showDuration(most))
			}
			*at(c) = d
			return nil
		})}
}

// meant is the tail of a complaint that names the nearest word, or nothing.
func meant(word string, known []string) string {
	if near := schedule.Nearest(word, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

func checkDatabase(s string) error {
	scheme, _, isURL := strings.Cut(s, "://")
	switch {
	case s == "" || s == "sqlite:":
		return errors.New("is empty; write PATH, sqlite:PATH or postgres://…")
	case isURL && scheme != "postgres" && scheme != "postgresql":
		return fmt.Errorf("knows no database %s://…; write PATH, sqlite:PATH or postgres://…", scheme)
	case isURL:
		if _, err := url.Parse(s); err != nil {
			return errors.New("is no address that can be read; write postgres://user:password@host/name") // the cause would show the password
		}
	case strings.HasPrefix(s, "host=") || strings.Contains(s, "user=") || strings.Contains(s, "password="):
		return errors.New("is a list of settings, which would become a file of that name; write postgres://user:password@host/name")
	}
	return nil
}

// maskURL hides the password of an address.
func maskURL(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	u, err := url.Parse(s)
	if err != nil {
		return mask
	}
	if q := u.Query(); q.Has("password") {
		q.Set("password", mask)
		u.RawQuery = strings.ReplaceAll(q.Encode(), url.QueryEscape(mask), mask)
	}
	if _, has := u.User.Password(); has {
		// url.UserPassword would escape the mask's stars.
		user := u.User.Username()
		u.User = nil
		return strings.Replace(u.String(), "://", "://"+url.User(user).String()+":"+mask+"@", 1)
	}
	return u.String()
}

func checkWebURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%q is no address that begins with http:// or https://", maskURL(s))
	}
	return nil
}

func parseNetworks(list []string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, s := range list {
		prefix, err := netip.ParsePrefix(s)
		if addr, errAddr := netip.ParseAddr(s); err != nil && errAddr == nil && addr.Zone() == "" {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("%q is no network; write 10.1.0.0/16 or ::1/128", s)
		}
		networks = append(networks, prefix.Masked())
	}
	return networks, nil
}

func showNetworks(networks []netip.Prefix) string {
	shown := make([]string, len(networks))
	for i, n := range networks {
		shown[i] = n.String()
	}
	return strings.Join(shown, ",")
}

func parseZone(s string) (string, error) {
	loc, err := schedule.LoadZone(s)
	if err != nil {
		return "", err
	}
	return loc.String(), nil
}
