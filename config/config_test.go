package config

import (
	"errors"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// write puts a configuration into a file of its own.
func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "broadsheet.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// complaints loads and returns the problems without the file's folder.
func complaints(t *testing.T, path string, environ []string, flags map[string]string) []string {
	t.Helper()
	c, err := Load(path, false, environ, flags)
	if err == nil {
		return nil
	}
	var problems *Problems
	if !errors.As(err, &problems) || c != nil {
		t.Fatalf("Load gives %v and %T %v, want no configuration and *Problems", c, err, err)
	}
	return strings.Split(strings.ReplaceAll(err.Error(), filepath.Dir(path)+string(filepath.Separator), ""), "\n")
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "broken.yaml")
	_, err := Load(path, true, []string{"BROADSHEET_FETCH_INTERVL=3m", "BROADSHEET_LOG_LEVEL=loud"}, map[string]string{"database": "mysql://x"})
	if err == nil {
		t.Fatal("no error")
	}
	golden(t, "broken.golden", filepath.ToSlash(err.Error())+"\n")
}

func TestThreeFaultsAtOnce(t *testing.T) {
	t.Parallel()
	path := write(t, "fetch:\n  intervall: 5m\n  timeout: soon\ndigests:\n  - name: Morning\n    channel: 223456789012345678\n    schedule: 0 8 31 2 *\n")
	want := []string{
		"broadsheet.yaml:2: fetch.intervall is no option; did you mean fetch.interval?",
		`broadsheet.yaml:3: fetch.timeout: "soon" is no duration; write 90s, 15m, 12h or 30d`,
		`broadsheet.yaml:7: digests.schedule: the schedule "0 8 31 2 *" never runs: its months have no such day`,
	}
	if diff := cmp.Diff(want, complaints(t, path, nil, nil)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestEveryOptionIsRead(t *testing.T) {
	t.Parallel()
	got, err := Load(filepath.Join("testdata", "full.yaml"), true, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	rules := []string{"drop word crypto", "keep title phrase climate change"}
	want := &Config{
		Database: "postgres://paper:sesame@db.internal/broadsheet?sslmode=disable",
		Discord:  Discord{Token: "abc.def.ghi", APIURL: "http://127.0.0.1:8080/api"},
		Fetch: Fetch{
			AllowNetworks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")},
			Interval:      90 * time.Minute, MaxInterval: 48 * time.Hour, Timeout: 10 * time.Second, HostSpacing: time.Second / 2,
			Concurrency: 8, MaxBytes: 2 << 20, Contact: "https://example.org/bot",
		},
		Digest:    Digest{Timezone: "Europe/Berlin", Locale: "de", Cards: 3},
		Instant:   Instant{PerHour: 4},
		Health:    Health{Listen: ":9090"},
		Log:       Log{Level: "debug", Format: "json"},
		Run:       Run{Grace: time.Minute},
		Retention: Retention{Articles: 180 * 24 * time.Hour},
		Feeds: []DeclaredFeed{
			{URL: "https://example.org/plain.xml", Mode: ModeDigest, Line: 34},
			{URL: "https://example.org/full.xml", Title: "The Full One", Channel: 223456789012345678, Guild: 323456789012345678,
				Mode: ModeInstant, Filters: rules, Line: 35},
		},
		Digests: []DeclaredDigest{
			{Name: "Morning", Channel: 223456789012345678, Guild: 323456789012345678, Schedule: "weekdays 07:30", Timezone: "Asia/Tokyo",
				Locale: "pt-BR", Filters: rules, Words: []string{"harbour", "ferry, big"}, Cards: 4, Lines: 2, Line: 44},
			{Name: "Evening", Channel: 223456789012345678, Schedule: "daily 08:00", Line: 54},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{}), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
	defaults, err := Load("", false, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got.Dump() {
		if v.Name != "discord.token_file" && v.Value == defaults.Dump()[i].Value {
			t.Errorf("full.yaml leaves %s at its default %q", v.Name, v.Value)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	got, err := Load(filepath.Join(t.TempDir(), "absent.yaml"), false, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Database: "broadsheet.db",
		Fetch: Fetch{Interval: 15 * time.Minute, MaxInterval: 24 * time.Hour, Timeout: 20 * time.Second, HostSpacing: time.Second,
			Concurrency: 64, MaxBytes: 5 << 20},
		Digest:  Digest{Timezone: "UTC", Locale: "en-US", TeaserWait: 2 * time.Minute, Cards: 5, Lines: 8},
		Instant: Instant{PerHour: 10},
		Log:     Log{Level: "info", Format: "text"},
		Run:     Run{Grace: 20 * time.Second},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	for _, v := range got.Dump() {
		if v.From != "default" {
			t.Errorf("%s comes from %q", v.Name, v.From)
		}
	}
}

func TestFlagsBeatEnvironmentBeatsFile(t *testing.T) {
	t.Parallel()
	path := write(t, "database: file.db\nfetch:\n  timeout: 11s\n  interval: 11m\nlog: {level: warn}\n")
	environ := []string{"BROADSHEET_DATABASE=env.db", "BROADSHEET_FETCH_TIMEOUT=12s", "BROADSHEET_FETCH_ALLOW_NETWORKS=127.0.0.0/8, ::1/128",
		"HOME=/root", "BROADSHEET_LOG_LEVEL=", "BROADSHEET_SHARED=/tests/only"}
	c, err := Load(path, true, environ, map[string]string{"database": "flag.db"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, v := range c.Dump() {
		got[v.Name] = v.Value + " from " + filepath.Base(v.From)
	}
	for name, want := range map[string]string{
		"database":             "flag.db from command line",
		"fetch.timeout":        "12s from BROADSHEET_FETCH_TIMEOUT",
		"fetch.allow_networks": "127.0.0.0/8,::1/128 from BROADSHEET_FETCH_ALLOW_NETWORKS",
		"fetch.interval":       "11m from broadsheet.yaml:4",
		"log.level":            "warn from broadsheet.yaml:5", // an empty variable counts as not set
		"run.grace":            "20s from default",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

func TestTheToken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret := filepath.Join(dir, "token")
	for path, content := range map[string]string{secret: "  from.the.file\n", filepath.Join(dir, "empty"): "\n", filepath.Join(dir, "huge"): strings.Repeat("x", 5000)} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name    string
		file    string
		environ []string
		want    Secret
		from    string
		problem string
	}{
		{"none", "", nil, "", "default", ""},
		{"by Discord's custom", "", []string{"DISCORD_TOKEN=a.b.c"}, "a.b.c", "DISCORD_TOKEN", ""},
		{"with the word Bot before it", "", []string{"DISCORD_TOKEN=Bot a.b.c"}, "a.b.c", "DISCORD_TOKEN", ""},
		{"by our own name", "", []string{"BROADSHEET_DISCORD_TOKEN=a.b.c"}, "a.b.c", "BROADSHEET_DISCORD_TOKEN", ""},
		{"twice the same", "", []string{"BROADSHEET_DISCORD_TOKEN=a.b.c", "DISCORD_TOKEN=a.b.c"}, "a.b.c", "BROADSHEET_DISCORD_TOKEN", ""},
		{"two different ones", "", []string{"BROADSHEET_DISCORD_TOKEN=a.b.c", "DISCORD_TOKEN=d.e.f"}, "", "", "DISCORD_TOKEN: differs from BROADSHEET_DISCORD_TOKEN"},
		{"in a file", "", []string{"DISCORD_TOKEN_FILE=" + secret}, "from.the.file", "DISCORD_TOKEN_FILE", ""},
		{"in a file that the configuration names", "discord: {token_file: " + secret + "}", nil, "from.the.file", "broadsheet.yaml:1", ""},
		{"the environment's file beats the configuration's token", "discord: {token: old.old.old}", []string{"DISCORD_TOKEN_FILE=" + secret}, "from.the.file", "DISCORD_TOKEN_FILE", ""},
		{"the environment's token beats the configuration's file", "discord: {token_file: /nowhere}", []string{"DISCORD_TOKEN=a.b.c"}, "a.b.c", "DISCORD_TOKEN", ""},
		{"token and file in one source", "", []string{"DISCORD_TOKEN=a.b.c", "DISCORD_TOKEN_FILE=" + secret}, "", "", "set one of them"},
		{"no such file", "", []string{"DISCORD_TOKEN_FILE=/nowhere/token"}, "", "", "DISCORD_TOKEN_FILE: discord.token_file: the file /nowhere/token cannot be read: no such file"},
		{"an empty file", "", []string{"DISCORD_TOKEN_FILE=" + filepath.Join(dir, "empty")}, "", "", "is empty"},
		{"a file too large", "", []string{"DISCORD_TOKEN_FILE=" + filepath.Join(dir, "huge")}, "", "", "5000 bytes"},
		{"a folder", "", []string{"DISCORD_TOKEN_FILE=" + dir}, "", "", "is a directory"},
		{"with a blank", "", []string{"DISCORD_TOKEN=a.b c"}, "", "", "blanks or signs"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := write(t, test.file)
			if test.problem != "" {
				got := strings.Join(complaints(t, path, test.environ, nil), "\n")
				if !strings.Contains(got, test.problem) || strings.Contains(got, "a.b") {
					t.Errorf("problems %q, want %q and no token", got, test.problem)
				}
				return
			}
			c, err := Load(path, true, test.environ, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.Discord.Token != test.want {
				t.Errorf("token %q, want %q", c.Discord.Token.Reveal(), test.want.Reveal())
			}
			for _, v := range c.Dump() {
				if v.Name == "discord.token" && filepath.Base(v.From) != test.from {
					t.Errorf("the token comes from %q, want %q", v.From, test.from)
				}
			}
		})
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, content string
		want          []string
	}{
		{"an empty file is no problem", "", nil},
		{"comments alone are no problem", "# nothing\n", nil},
		{"a section without options is no problem", "fetch:\nlog:\n  level:\nfeeds:\n", nil},
		{"broken YAML", "log:\n  level: [info\n", []string{"broadsheet.yaml:2: is no YAML here"}},
		{"a tab for a blank", "log:\n\tlevel: info\n", []string{"broadsheet.yaml:2: is no YAML here"}},
		{"a list at the top", "- a\n- b\n", []string{"broadsheet.yaml:1: wants options"}},
		{"a sentence", "hello\n", []string{"broadsheet.yaml:1: wants options"}},
		{"two documents", "log: {level: info}\n---\nlog: {level: warn}\n", []string{"broadsheet.yaml:3: a second document"}},
		{"a section as a value", "fetch: fast\n", []string{"fetch: wants options below it, such as fetch.allow_networks"}},
		{"a value as a section", "database:\n  path: x\n", []string{"database: wants a value"}},
		{"an alias of nothing", "database: *base\n", []string{"*base has no anchor"}},
		{"merged keys", "log: &l {level: info}\nfetch:\n  <<: *l\n", []string{"broadsheet.yaml:3: fetch.<< is no option"}},
		{"a dotted name is one", "log.level: shout\n", []string{`broadsheet.yaml:1: log.level: "shout" is none of`}},
		{"feeds that are no list", "feeds: {url: x}\n", []string{"feeds: wants a list"}},
		{"digests as plain names", "digests: [Morning]\n", []string{"digests: wants a list of entries with name, channel"}},
		{"a number out of range", "digest: {cards: 99}\n", []string{`digest.cards: "99" is no number from 0 to 25`}},
		{"a size too small", "fetch: {max_bytes: 10}\n", []string{"no size from 1KiB to 1GiB"}},
		{"a size that overflows", "fetch: {max_bytes: 99999999999999GiB}\n", []string{"no size from 1KiB to 1GiB"}},
		{"an interval too long", "fetch: {interval: 99d}\n", []string{"99d is not between 1s and 7d"}},
		{"a negative interval", "fetch: {interval: -5m}\n", []string{`"-5m" is negative`}},
		{"an interval without a unit", "fetch: {interval: 300}\n", []string{`"300" is no duration; write 90s`}},
		{"an unknown database", "database: mysql://root:sesame@db/x\n", []string{"knows no database mysql://…"}},
		{"no port", "health: {listen: localhost}\n", []string{"no HOST:PORT"}},
		{"a contact that breaks the header", "fetch: {contact: \"a\\r\\nX: y\"}\n", []string{"cannot stand in a User-Agent"}},
		{"a feed's empty address", "feeds:\n  - url:\n", []string{"broadsheet.yaml:2: feeds.url: has no value"}},
		{"a digest without a channel", "digests:\n  - name: Morning\n", []string{"broadsheet.yaml:2: digests: channel is missing"}},
		{"a digest's name too long", "digests:\n  - name: " + strings.Repeat("x", 101) + "\n    channel: 223456789012345678\n", []string{"the most is 100"}},
		{"the same feed in two channels is no problem",
			"feeds:\n  - {url: https://a.example/f, channel: 223456789012345678}\n  - {url: https://a.example/f, channel: 223456789012345679}\n", nil},
		{"the same name in two servers is no problem",
			"digests:\n  - {name: M, channel: 223456789012345678, guild: 323456789012345678}\n  - {name: m, channel: 223456789012345679, guild: 323456789012345679}\n", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := complaints(t, write(t, test.content), nil, nil)
			if len(got) != len(test.want) {
				t.Fatalf("problems %q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if !strings.Contains(got[i], want) || strings.Contains(got[i], "sesame") {
					t.Errorf("problem %q, want %q and no password", got[i], want)
				}
			}
		})
	}
}

func TestAFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Load(filepath.Join(dir, "named.yaml"), true, nil, nil); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a named but missing file: %v", err)
	}
	if _, err := Load(dir, false, nil, nil); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Load(write(t, "# "+strings.Repeat("x", maxFile)), false, nil, nil); err == nil || !strings.Contains(err.Error(), "the most is 1048576") {
		t.Errorf("a huge file: %v", err)
	}
}
