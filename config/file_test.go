package config

import (
	"strings"
	"testing"
)

// Each way to write an option's value in YAML.
func TestWaysToWriteAValue(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, content, option, want string
	}{
		{"plain", "database: paper.db\n", "database", "paper.db"},
		{"in double quotes", `database: "paper\x2edb"` + "\n", "database", "paper.db"},
		{"in single quotes", "database: 'it''s.db'\n", "database", "it's.db"},
		{"as a block", "database: |\n  paper.db\n", "database", "paper.db"},
		{"folded", "database: >-\n  paper.db\n", "database", "paper.db"},
		{"with a comment", "database: paper.db # the new one\n", "database", "paper.db"},
		{"with a tag", "database: !!str 5\n", "database", "5"},
		{"by an alias", "discord: {api_url: &api https://post.example/api}\nfetch:\n  contact: *api\n", "fetch.contact", "https://post.example/api"},
		{"in braces", "log: {level: warn, format: json}\n", "log.level", "warn"},
		{"dotted", "log.level: warn\n", "log.level", "warn"},
		{"half dotted", "\"fetch.interval\": 20m\n", "fetch.interval", "20m"},
		{"in capitals", "log: {level: WARN}\n", "log.level", "warn"},
		{"a number", "digest: {cards: 7}\n", "digest.cards", "7"},
		{"a number that is a name", "database: 5\n", "database", "5"},
		{"a truth that is a name", "database: true\n", "database", "true"},
		{"a list in one line", "fetch: {allow_networks: [10.0.0.0/8, \"::1\"]}\n", "fetch.allow_networks", "10.0.0.0/8,::1/128"},
		{"a list below", "fetch:\n  allow_networks:\n    - 10.0.0.0/8\n    - 127.0.0.1\n", "fetch.allow_networks", "10.0.0.0/8,127.0.0.1/32"},
		{"a list as the environment writes it", "fetch: {allow_networks: \"10.0.0.0/8, 127.0.0.1\"}\n", "fetch.allow_networks", "10.0.0.0/8,127.0.0.1/32"},
		{"an empty list", "fetch: {allow_networks: []}\n", "fetch.allow_networks", ""},
		{"nothing", "database:\n", "database", "broadsheet.db"},
		{"a null", "database: ~\n", "database", "broadsheet.db"},
		{"with Windows' line ends", "log:\r\n  level: warn\r\n", "log.level", "warn"},
		{"after a byte order mark", "\ufeffdatabase: paper.db\n", "database", "paper.db"},
		{"after a document's start", "---\ndatabase: paper.db\n", "database", "paper.db"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := Load(write(t, test.content), true, nil, nil)
			if err != nil {
				t.Fatalf("%s\n%v", test.content, err)
			}
			for _, v := range c.Dump() {
				if v.Name == test.option && v.Value != test.want {
					t.Errorf("%s is %q, want %q", test.option, v.Value, test.want)
				}
			}
		})
	}
}

func TestProblemsComeInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	path := write(t, strings.Join([]string{
		"run: {grace: soon}",
		"zebra: 1",
		"database: mysql://x",
		"digests:",
		"  - name: M",
		"log: {level: loud}",
		"feeds: nonsense",
	}, "\n"))
	got := complaints(t, path, []string{"BROADSHEET_ZEBRA=1", "BROADSHEET_RUN_GRACE=later"}, map[string]string{"health.listen": "x"})
	want := []string{
		"broadsheet.yaml:1: run.grace",
		"broadsheet.yaml:2: zebra",
		"broadsheet.yaml:3: database",
		"broadsheet.yaml:5: digests: channel is missing",
		"broadsheet.yaml:6: log.level",
		"broadsheet.yaml:7: feeds",
		"BROADSHEET_ZEBRA: is the variable",
		"command line: health.listen",
		"BROADSHEET_RUN_GRACE: run.grace",
	}
	wantProblems(t, got, want)
}

func TestAFlagOfNoOptionIsAProblem(t *testing.T) {
	t.Parallel()
	got := complaints(t, write(t, ""), nil, map[string]string{"colour": "red"})
	wantProblems(t, got, []string{"command line: colour is no option"})
}

func TestVariablesOfTests(t *testing.T) {
	t.Parallel()
	environ := []string{"BROADSHEET_SHARED=/x", "BROADSHEET_TEST_KILLS=200", "BROADSHEET=1", "broadsheet_log_level=loud", "PATH=/bin", "=x", "NOVALUE"}
	if got := complaints(t, write(t, ""), environ, nil); len(got) > 0 {
		t.Errorf("problems %q, want none: these are not ours", got)
	}
	wantProblems(t, complaints(t, write(t, ""), []string{"BROADSHEET_TESTS=1"}, nil), []string{"BROADSHEET_TESTS: is the variable of no option"})
}

func TestAliasesThatLeadRoundEnd(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"log: &a {level: *a}\n", "fetch: &a\n  interval: *a\n", "feeds: &a\n  - *a\n", "a: &a *a\n"} {
		if got := complaints(t, write(t, content), nil, nil); len(got) == 0 {
			t.Errorf("%q is accepted", content)
		}
	}
}
