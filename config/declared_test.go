package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/filter"
	"broadsheet/bot/schedule"
)

func TestDeclaredFeeds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, content string
		want          []DeclaredFeed
		problems      []string
	}{
		{"none", "feeds: []\n", nil, nil},
		{"an address alone",
			"feeds:\n  - https://post.example/feed\n",
			[]DeclaredFeed{{URL: "https://post.example/feed", Mode: ModeDigest, Line: 2}}, nil},
		{"addresses in one line",
			"feeds: [https://a.example/f, https://b.example/f]\n",
			[]DeclaredFeed{{URL: "https://a.example/f", Mode: ModeDigest, Line: 1}, {URL: "https://b.example/f", Mode: ModeDigest, Line: 1}}, nil},
		{"an id larger than a float holds",
			"feeds:\n  - url: https://a.example/f\n    channel: 1309876543210987655\n",
			[]DeclaredFeed{{URL: "https://a.example/f", Channel: 1309876543210987655, Mode: ModeDigest, Line: 2}}, nil},
		{"an id in quotes",
			"feeds:\n  - url: https://a.example/f\n    channel: \"1309876543210987655\"\n",
			[]DeclaredFeed{{URL: "https://a.example/f", Channel: 1309876543210987655, Mode: ModeDigest, Line: 2}}, nil},
		{"a mode in capitals",
			"feeds:\n  - {url: https://a.example/f, mode: INSTANT}\n",
			[]DeclaredFeed{{URL: "https://a.example/f", Mode: ModeInstant, Line: 2}}, nil},
		{"one rule without a list",
			"feeds:\n  - url: https://a.example/f\n    filters: drop word crypto, really\n", nil,
			[]string{`broadsheet.yaml:3: feeds.filters: "crypto, really" is more than a word`}},
		{"rules with commas stay whole",
			"feeds:\n  - url: https://a.example/f\n    filters: [\"drop phrase crypto, really\"]\n",
			[]DeclaredFeed{{URL: "https://a.example/f", Mode: ModeDigest, Filters: []string{"drop phrase crypto, really"}, Line: 2}}, nil},
		{"every bad rule is told",
			"feeds:\n  - url: https://a.example/f\n    filters: [crypto, drop pattern (, keep word ok]\n", nil,
			[]string{"neither keep nor drop", "missing closing )"}},
		{"an empty list element", "feeds:\n  -\n", nil, []string{"broadsheet.yaml:2: feeds: wants a list of entries with url, title"}},
		{"a list in a list", "feeds:\n  - [https://a.example/f, https://b.example/f]\n", nil, []string{"feeds: wants a list of entries with url"}},
		{"an address that is a mapping", "feeds:\n  - url: {a: b}\n", nil, []string{"broadsheet.yaml:2: feeds.url: wants a value, not a mapping"}},
		{"a part written twice", "feeds:\n  - url: https://a.example/f\n    url: https://b.example/f\n", nil, []string{"broadsheet.yaml:3: url is written on line 2 already"}},
		{"one feed three times",
			"feeds:\n  - https://a.example/f\n  - https://a.example/f\n  - https://a.example/f\n", nil,
			[]string{"broadsheet.yaml:3: feeds: https://a.example/f is declared for the same channel on line 2", "broadsheet.yaml:4: "}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := write(t, test.content)
			if test.problems != nil {
				wantProblems(t, complaints(t, path, nil, nil), test.problems)
				return
			}
			c, err := Load(path, true, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, c.Feeds); diff != "" {
				t.Errorf("feeds (-want +got):\n%s", diff)
			}
		})
	}
}

func wantProblems(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("problems %q, want %q", got, want)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("problem %q, want %q", got[i], want[i])
		}
	}
}

func TestDeclaredDigests(t *testing.T) {
	t.Parallel()
	const channel = "    channel: 223456789012345678\n"
	tests := []struct {
		name, content string
		want          DeclaredDigest
		problems      []string
	}{
		{"the least",
			"digests:\n  - name: Morning\n" + channel,
			DeclaredDigest{Name: "Morning", Channel: 223456789012345678, Schedule: "daily 08:00", Line: 2}, nil},
		{"a schedule in words is kept in its canonical form",
			"digests:\n  - name: Morning\n" + channel + "    schedule: every Monday at 9am\n",
			DeclaredDigest{Name: "Morning", Channel: 223456789012345678, Schedule: "Mondays 09:00", Line: 2}, nil},
		{"a cron line",
			"digests:\n  - name: Morning\n" + channel + "    schedule: \"*/30 6-9 * * 1-5\"\n",
			DeclaredDigest{Name: "Morning", Channel: 223456789012345678, Schedule: "*/30 6-9 * * 1-5", Line: 2}, nil},
		{"a schedule that YAML takes for a number",
			"digests:\n  - name: Morning\n" + channel + "    schedule: 8\n",
			DeclaredDigest{Name: "Morning", Channel: 223456789012345678, Schedule: "daily 08:00", Line: 2}, nil},
		{"a time that YAML may take for base 60",
			"digests:\n  - name: Morning\n" + channel + "    schedule: 18:30\n",
			DeclaredDigest{Name: "Morning", Channel: 223456789012345678, Schedule: "daily 18:30", Line: 2}, nil},
		{"a name that YAML takes for a truth",
			"digests:\n  - name: yes\n" + channel,
			DeclaredDigest{Name: "yes", Channel: 223456789012345678, Schedule: "daily 08:00", Line: 2}, nil},
		{"a city as the zone",
			"digests:\n  - name: Morning\n" + channel + "    timezone: new york\n",
			DeclaredDigest{Name: "Morning", Channel: 223456789012345678, Schedule: "daily 08:00", Timezone: "America/New_York", Line: 2}, nil},
		{"an empty zone is the common one",
			"digests:\n  - name: Morning\n" + channel + "    timezone:\n",
			DeclaredDigest{Name: "Morning", Channel: 223456789012345678, Schedule: "daily 08:00", Line: 2}, nil},
		{"a schedule that runs too often", "digests:\n  - name: M\n" + channel + "    schedule: \"* * * * *\"\n", DeclaredDigest{},
			[]string{"broadsheet.yaml:4: digests.schedule: the schedule \"* * * * *\" runs 1 min after another"}},
		{"a zone in the schedule", "digests:\n  - name: M\n" + channel + "    schedule: CRON_TZ=UTC 0 8 * * *\n", DeclaredDigest{},
			[]string{"choose it apart from the schedule"}},
		{"three faults in one digest", "digests:\n  - nmae: M\n    channel: general\n    cards: many\n", DeclaredDigest{},
			[]string{`"nmae" is not known; did you mean name?`, "name is missing", `"general" is no Discord id`, `"many" is no number`}},
		{"an empty name", "digests:\n  - name: \"\"\n" + channel, DeclaredDigest{}, []string{"broadsheet.yaml:2: digests.name: has no value"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := write(t, test.content)
			if test.problems != nil {
				got := complaints(t, path, nil, nil)
				if len(got) != len(test.problems) {
					t.Fatalf("problems %q, want %q", got, test.problems)
				}
				for _, want := range test.problems {
					if !strings.Contains(strings.Join(got, "\n"), want) {
						t.Errorf("problems %q, want %q", got, want)
					}
				}
				return
			}
			c, err := Load(path, true, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]DeclaredDigest{test.want}, c.Digests); diff != "" {
				t.Errorf("digests (-want +got):\n%s", diff)
			}
		})
	}
}

// What Load accepts, the rooms that use it accept too.
func TestDeclaredValuesAreReadyForUse(t *testing.T) {
	t.Parallel()
	c, err := Load("testdata/full.yaml", true, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range c.Digests {
		if s, err := schedule.Parse(d.Schedule); err != nil || s.String() != d.Schedule {
			t.Errorf("digest %s: schedule %q reads as %q, %v", d.Name, d.Schedule, s, err)
		}
		if d.Timezone != "" {
			if loc, err := schedule.LoadZone(d.Timezone); err != nil || loc.String() != d.Timezone {
				t.Errorf("digest %s: zone %q reads as %v, %v", d.Name, d.Timezone, loc, err)
			}
		}
		var rules []filter.Rule
		for _, text := range d.Filters {
			rule, err := filter.ParseRule(text)
			if err != nil || rule.String() != text {
				t.Errorf("digest %s: rule %q reads as %q, %v", d.Name, text, rule, err)
			}
			rules = append(rules, rule)
		}
		if _, err := filter.Compile(rules); err != nil {
			t.Errorf("digest %s: %v", d.Name, err)
		}
	}
}
