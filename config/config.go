// Package config owns every option of the program and the digests and feeds
// declared in its file: the YAML file, the environment above it, flags above
// both, defaults below; the check that reports every problem at once; the dump
// that says where each value came from. One table of options yields all of it.
package config

import (
	"net/netip"
	"time"
)

// Config is the effective configuration.
type Config struct {
	Database  string // PATH, sqlite:PATH or postgres://…
	Discord   Discord
	Fetch     Fetch
	Digest    Digest
	Instant   Instant
	Health    Health
	Log       Log
	Run       Run
	Retention Retention
	Feeds     []DeclaredFeed
	Digests   []DeclaredDigest

	file string            // that was read
	from map[string]origin // by option name; absent = the default
}

// Discord says how to reach Discord.
type Discord struct {
	Token     Secret // empty: the program cannot run against Discord
	TokenFile string // where Token was read, if from a file
	APIURL    string // base address of the REST API, "" = Discord's own
}

// Fetch says how feeds and pages are visited.
type Fetch struct {
	AllowNetworks []netip.Prefix // private networks that may be reached all the same
	Interval      time.Duration  // shortest time between two visits of a feed
	MaxInterval   time.Duration  // longest time between two visits of a feed
	Timeout       time.Duration  // for one request, from dial to the body's end
	HostSpacing   time.Duration  // between two requests to one host
	Concurrency   int            // visits at the same time
	MaxBytes      int64          // of a body after decompression
	Contact       string         // address named in the User-Agent
}

// Digest holds what a digest uses where its own options say nothing.
type Digest struct {
	Timezone   string        // IANA name
	Locale     string        // Discord's name of a language, such as en-US
	TeaserWait time.Duration // how long a digest waits for its articles' pages
	Cards      int           // most stories with a card
	Lines      int           // most further stories with a line
}

// Instant holds what instant posts use.
type Instant struct {
	PerHour int // most posts per channel and hour; the rest fold into one message
}

// Health says where the health page listens.
type Health struct {
	Listen string // host:port, "" = nowhere
}

// Log says what is logged and how.
type Log struct {
	Level  string // debug, info, warn or error
	Format string // text or json
}

// Run says how the program ends.
type Run struct {
	Grace time.Duration // how long a post that is being sent may still take after SIGTERM
}

// Retention says how long things are kept.
type Retention struct {
	Articles time.Duration // 0 = for ever
}

// DeclaredFeed is a feed of the configuration file.
type DeclaredFeed struct {
	URL, Title     string
	Channel, Guild int64  // 0 = polled and searchable, delivered nowhere
	Mode           string // digest or instant
	Filters        []string
	Line           int // in the file, for messages
}

// DeclaredDigest is a digest of the configuration file.
type DeclaredDigest struct {
	Name           string
	Channel, Guild int64
	Schedule       string   // canonical, as bot/schedule writes it
	Timezone       string   // IANA name; "" = Digest.Timezone
	Locale         string   // "" = the guild's
	Filters        []string // bot/filter's text form
	Words          []string // words that raise a story
	Cards, Lines   int      // 0 = as Digest says
	Line           int      // in the file, for messages
}

// File is the configuration file that is read, if it is there, when none is named.
const File = "broadsheet.yaml"

// Load reads the file (which may be absent unless mustExist), the environment
// above it (as os.Environ gives it) and the flags, by option name, above both.
// Its error is a *Problems with every fault of all three.
func Load(file string, mustExist bool, environ []string, flags map[string]string) (*Config, error) {
	l := &loader{config: &Config{file: file, from: map[string]origin{}}, set: map[string][]setting{}}
	for _, o := range options() {
		if err := o.set(l.config, o.def()); err != nil {
			l.problem(origin{file: "default"}, "%s: %v", o.name, err)
		}
	}
	l.readFile(file, mustExist)
	l.readEnviron(environ)
	l.readFlags(flags)
	l.apply()
	if len(l.problems) > 0 {
		return nil, l.sorted()
	}
	return l.config, nil
}
