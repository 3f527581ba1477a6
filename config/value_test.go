package config

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDurations(t *testing.T) {
	t.Parallel()
	tests := []struct {
		written string
		want    time.Duration
		shown   string
		problem string
	}{
		{"0s", 0, "0s", ""},
		{"0", 0, "0s", ""},
		{"90s", 90 * time.Second, "1m30s", ""},
		{"15m", 15 * time.Minute, "15m", ""},
		{"60m", time.Hour, "1h", ""},
		{"1h30m", 90 * time.Minute, "1h30m", ""},
		{"1h0m5s", time.Hour + 5*time.Second, "1h0m5s", ""},
		{"500ms", time.Second / 2, "500ms", ""},
		{"24h", day, "1d", ""},
		{"1d", day, "1d", ""},
		{"30d", 30 * day, "30d", ""},
		{"36h", 36 * time.Hour, "36h", ""},
		{"36500d", 36500 * day, "36500d", ""},
		{"36501d", 0, "", "no duration"},
		{"1.5d", 0, "", "no duration"},
		{"-1d", 0, "", "no duration"},
		{"-5m", 0, "", "negative"},
		{"5", 0, "", "no duration"},
		{"5 m", 0, "", "no duration"},
		{"five minutes", 0, "", "no duration"},
		{"d", 0, "", "no duration"},
		{"", 0, "", "no duration"},
		{"9999999999h", 0, "", "no duration"},
	}
	for _, test := range tests {
		t.Run(test.written, func(t *testing.T) {
			t.Parallel()
			got, err := parseDuration(test.written)
			if test.problem != "" {
				if err == nil || !strings.Contains(err.Error(), test.problem) {
					t.Errorf("parseDuration(%q) = %v, %v; want %q", test.written, got, err, test.problem)
				}
				return
			}
			if err != nil || got != test.want {
				t.Errorf("parseDuration(%q) = %v, %v; want %v", test.written, got, err, test.want)
			}
			if shown := showDuration(got); shown != test.shown {
				t.Errorf("%v is shown as %q, want %q", got, shown, test.shown)
			}
			if again, err := parseDuration(showDuration(got)); err != nil || again != got {
				t.Errorf("%q reads back as %v, %v", showDuration(got), again, err)
			}
		})
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		written string
		want    int64 // 0 = refused
		shown   string
	}{
		{"1024", 1 << 10, "1KiB"},
		{"5MiB", 5 << 20, "5MiB"},
		{"5 MiB", 5 << 20, "5MiB"},
		{"5MB", 5_000_000, "5MB"},
		{"64kB", 64_000, "64kB"},
		{"64KB", 64_000, "64kB"},
		{"1500B", 1500, "1500B"},
		{"1GiB", 1 << 30, "1GiB"},
		{"2GiB", 0, ""},
		{"1023", 0, ""},
		{"0", 0, ""},
		{"-5MiB", 0, ""},
		{"1.5MiB", 0, ""},
		{"MiB", 0, ""},
		{"5 mb", 0, ""},
		{"", 0, ""},
		{"9223372036854775807GiB", 0, ""},
	}
	for _, test := range tests {
		t.Run(test.written, func(t *testing.T) {
			t.Parallel()
			got, err := parseSize(test.written)
			if got != test.want || (err == nil) != (test.want > 0) {
				t.Fatalf("parseSize(%q) = %d, %v; want %d", test.written, got, err, test.want)
			}
			if err != nil {
				if !strings.Contains(err.Error(), "write 5MiB") {
					t.Errorf("the problem does not say what is right: %v", err)
				}
				return
			}
			if shown := showSize(got); shown != test.shown {
				t.Errorf("%d is shown as %q, want %q", got, shown, test.shown)
			}
			if again, err := parseSize(showSize(got)); err != nil || again != got {
				t.Errorf("%q reads back as %d, %v", showSize(got), again, err)
			}
		})
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, written string
		want          int64
		ok            bool
	}{
		{"none", "", 0, true},
		{"of 2015", "100000000000000", 100000000000000, true},
		{"of today", "1309876543210987654", 1309876543210987654, true},
		{"the largest", "9223372036854775807", 9223372036854775807, true},
		{"too large for a signed number", "9223372036854775808", 0, false},
		{"too short", "12345", 0, false},
		{"negative", "-223456789012345678", 0, false},
		{"a mention", "<#223456789012345678>", 0, false},
		{"a name", "general", 0, false},
		{"a float, as YAML would read it", "2.23456789012345678e17", 0, false},
		{"zeros", "000000000000000", 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseID(test.written)
			if got != test.want && test.ok || (err == nil) != test.ok {
				t.Errorf("parseID(%q) = %d, %v; want %d, ok %t", test.written, got, err, test.want, test.ok)
			}
		})
	}
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		list  []string
		want  string // as shown
		wrong string // what the problem names
	}{
		{"none", nil, "", ""},
		{"a network", []string{"10.1.0.0/16"}, "10.1.0.0/16", ""},
		{"several", []string{"127.0.0.0/8", "::1/128"}, "127.0.0.0/8,::1/128", ""},
		{"host bits are cleared", []string{"10.1.2.3/16"}, "10.1.0.0/16", ""},
		{"an address is a network of one", []string{"192.168.1.5"}, "192.168.1.5/32", ""},
		{"also in IPv6", []string{"fd00::5"}, "fd00::5/128", ""},
		{"a zone is none", []string{"fe80::1%eth0"}, "", "fe80::1%eth0"},
		{"a name is none", []string{"10.0.0.0/8", "localhost"}, "", "localhost"},
		{"too many bits", []string{"10.0.0.0/33"}, "", "10.0.0.0/33"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseNetworks(test.list)
			if test.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), test.wrong) {
					t.Errorf("parseNetworks(%q) = %v, %v; want a problem with %q", test.list, got, err, test.wrong)
				}
				return
			}
			if err != nil || showNetworks(got) != test.want {
				t.Errorf("parseNetworks(%q) = %v, %v; want %s", test.list, got, err, test.want)
			}
		})
	}
	masked, err := parseNetworks([]string{"10.1.2.3/8"})
	if err != nil || !masked[0].Contains(netip.MustParseAddr("10.200.0.1")) {
		t.Errorf("10.1.2.3/8 holds no 10.200.0.1: %v, %v", masked, err)
	}
}

func TestChecksOfTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		check func(string) error
		good  []string
		bad   []string
	}{
		{"database", checkDatabase,
			[]string{"broadsheet.db", "/var/lib/b.db", "sqlite:b.db", "postgres://u:p@h/d", "postgresql://h/d", "C:\\b.db"},
			[]string{"", "sqlite:", "mysql://h/d", "http://h", "postgres://h:port/d"}},
		{"address", checkWebURL,
			[]string{"http://127.0.0.1:8080", "https://discord.com/api/v10"},
			[]string{"discord.com", "ftp://h/x", "https://", "/path", "http//h", "https://[::1"}},
		{"listen", checkListen,
			[]string{":9090", "127.0.0.1:0", "[::1]:9090", "localhost:65535"},
			[]string{"9090", "localhost", ":port", ":-1", ":65536", "a:b:c"}},
		{"contact", checkContact,
			[]string{"https://example.org/bot", "ops@example.org"},
			[]string{"a\nb", "a\x00", "é", "x (y)", "a; b"}},
		{"title", checkTitle,
			[]string{"Morning", strings.Repeat("ü", 100)},
			[]string{strings.Repeat("ü", 101)}},
		{"token", func(s string) error { _, err := parseToken(s); return err },
			[]string{"", "a.b.c", "  a.b.c\n", "Bot a.b.c"},
			[]string{"a b", "tökén", "a\x01b", "a\nb"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range test.good {
				if err := test.check(s); err != nil {
					t.Errorf("%q is refused: %v", s, err)
				}
			}
			for _, s := range test.bad {
				if err := test.check(s); err == nil {
					t.Errorf("%q is accepted", s)
				}
			}
		})
	}
}

func TestListsOfTheEnvironment(t *testing.T) {
	t.Parallel()
	tests := []struct {
		written string
		want    []string
	}{
		{"", nil},
		{"a", []string{"a"}},
		{"a,b", []string{"a", "b"}},
		{" a , b ,", []string{"a", "b"}},
		{",,", nil},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, splitList(test.written)); diff != "" {
			t.Errorf("splitList(%q) (-want +got):\n%s", test.written, diff)
		}
	}
}

func TestNearestOptions(t *testing.T) {
	t.Parallel()
	tests := []struct{ written, want string }{
		{"databse", "database"},
		{"fetch.intervall", "fetch.interval"},
		{"fetch.inteval", "fetch.interval"},
		{"interval", "fetch.interval"},
		{"token", "discord.token"},
		{"discord.tokenfile", "discord.token_file"},
		{"timezone", "digest.timezone"},
		{"discord.timezone", "digest.timezone"},
		{"log_level", "log.level"},
		{"level", "log.level"},
		{"listen", "health.listen"},
		{"feed", "feeds"},
		{"digets", "digests"},
		{"zebra", ""},
		{"x", ""},
	}
	for _, test := range tests {
		if got := nearestOption(test.written); got != test.want {
			t.Errorf("nearestOption(%q) = %q, want %q", test.written, got, test.want)
		}
	}
}
