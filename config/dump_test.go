package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSecretsNeverShow(t *testing.T) {
	t.Parallel()
	c, err := Load(filepath.Join("testdata", "full.yaml"), true, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(c.Discord)
	if err != nil {
		t.Fatal(err)
	}
	dump, err := json.Marshal(c.Dump())
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "token", c.Discord.Token, "discord", c.Discord)
	for name, shown := range map[string]string{
		"%v": fmt.Sprintf("%v", c.Discord), "%+v": fmt.Sprintf("%+v", c.Discord), "%#v": fmt.Sprintf("%#v", c.Discord),
		"String": c.Discord.Token.String(), "%q": fmt.Sprintf("%q", c.Discord.Token), "%x": fmt.Sprintf("%x", c.Discord.Token),
		"JSON": string(asJSON), "dump": string(dump), "log": log.String(),
	} {
		if strings.Contains(shown, "abc.def") || strings.Contains(shown, fmt.Sprintf("%x", "abc.def")) || strings.Contains(shown, "sesame") {
			t.Errorf("%s shows a secret: %s", name, shown)
		}
	}
	if c.Discord.Token.Reveal() != "abc.def.ghi" {
		t.Error("Reveal gives another token")
	}
	if s := Secret(""); s.String() != "" {
		t.Errorf("no token is shown as %q, want it to be seen that there is none", s)
	}
}

func TestDatabasePasswordsAreMasked(t *testing.T) {
	t.Parallel()
	tests := []struct{ database, want string }{
		{"broadsheet.db", "broadsheet.db"},
		{"sqlite:/var/lib/b.db", "sqlite:/var/lib/b.db"},
		{"postgres://paper:sesame@db/x?sslmode=disable", "postgres://paper:********@db/x?sslmode=disable"},
		{"postgres://paper@db/x", "postgres://paper@db/x"},
		{"postgres://db/x?user=paper&password=sesame", "postgres://db/x?password=********&user=paper"},
	}
	for _, test := range tests {
		if got := maskURL(test.database); got != test.want {
			t.Errorf("maskURL(%q) = %q, want %q", test.database, got, test.want)
		}
	}
}

func TestDumpSaysWhereValuesComeFrom(t *testing.T) {
	t.Parallel()
	c, err := Load(filepath.Join("testdata", "full.yaml"), true, []string{"BROADSHEET_RUN_GRACE=5s"}, map[string]string{"log.level": "error"})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, v := range c.Dump() {
		fmt.Fprintf(&b, "%s = %s (%s)\n", v.Name, v.Value, filepath.ToSlash(v.From))
	}
	golden(t, "dump.golden", b.String())
}

func TestTableAndDumpNameTheSameOptions(t *testing.T) {
	t.Parallel()
	c, err := Load("", false, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	dump := c.Dump()
	for i, o := range Table() {
		if dump[i].Name != o.Name || o.Help == "" || dump[i].Help != o.Help {
			t.Errorf("row %d: %+v in the table, %+v in the dump", i, o, dump[i])
		}
		if want := "BROADSHEET_" + strings.ToUpper(strings.ReplaceAll(o.Name, ".", "_")); o.Env != want {
			t.Errorf("%s: variable %s, want %s", o.Name, o.Env, want)
		}
		if dump[i].Value != o.Default {
			t.Errorf("%s: the default %q is shown as %q", o.Name, o.Default, dump[i].Value)
		}
		if !strings.Contains(Markdown(), "| `"+o.Name+"` |") {
			t.Errorf("the README's table lacks %s", o.Name)
		}
	}
	secrets := slices.DeleteFunc(Table(), func(o Option) bool { return !o.Secret })
	if len(secrets) != 1 || secrets[0].Name != "discord.token" {
		t.Errorf("secret options: %+v", secrets)
	}
}

// What a dump shows can be written back: each value, taken from the environment,
// gives the same dump.
func TestShownValuesReadBack(t *testing.T) {
	t.Parallel()
	c, err := Load(filepath.Join("testdata", "full.yaml"), true, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var environ []string
	for i, o := range Table() {
		if v := c.Dump()[i]; o.Name != "discord.token" && o.Name != "database" {
			environ = append(environ, o.Env+"="+v.Value)
		}
	}
	again, err := Load("", false, environ, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range again.Dump() {
		if was := c.Dump()[i]; !slices.Contains([]string{"discord.token", "database", "feeds", "digests"}, v.Name) && v.Value != was.Value {
			t.Errorf("%s is %q after being written as %q", v.Name, v.Value, was.Value)
		}
	}
}

func FuzzLoadReportsOrReads(f *testing.F) {
	for _, content := range []string{"", "database: x\n", "fetch: {interval: 5m}\n", "a: &a [*a]\n", "feeds: [{url: &u https://a.example/}, *u]\n",
		"? complex\n: key\n", "!!map {log: !!str x}\n", "digests: [{name: a, channel: 1}, 2, null, [3]]\n", "log: |\n  level\n", "1: 2\n~: 3\n", "- - -\n"} {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content string) {
		c, err := Load(write(t, content), true, nil, nil)
		if (c == nil) == (err == nil) {
			t.Fatalf("Load gives %v and %v", c, err)
		}
		if err != nil {
			for _, line := range strings.Split(err.Error(), "\n") {
				if strings.TrimSpace(line) == "" {
					t.Errorf("an empty problem in %q", err)
				}
			}
			return
		}
		for _, d := range c.Digests {
			if d.Name == "" || d.Channel <= 0 || d.Schedule == "" || d.Line == 0 {
				t.Errorf("accepted an incomplete digest: %+v", d)
			}
		}
		for _, feed := range c.Feeds {
			if !strings.HasPrefix(feed.URL, "http") || feed.Line == 0 {
				t.Errorf("accepted an incomplete feed: %+v", feed)
			}
		}
	})
}

func TestPasswordsOfAddressesAreMasked(t *testing.T) {
	t.Parallel()
	c, err := Load("", false, []string{"BROADSHEET_DISCORD_API_URL=http://me:sesame@proxy.example/api"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range c.Dump() {
		if strings.Contains(v.Value, "sesame") || v.Name == "discord.api_url" && v.Value != "http://me:********@proxy.example/api" {
			t.Errorf("%s is shown as %q", v.Name, v.Value)
		}
	}
	for _, environ := range [][]string{
		{"BROADSHEET_DISCORD_API_URL=http://me:ses%zzame@proxy.example/api"}, {"BROADSHEET_DISCORD_API_URL=ftp://me:sesame@proxy.example"},
		{"BROADSHEET_DATABASE=postgres://me:ses%zzame@db/x"}, {"BROADSHEET_DATABASE=host=db user=me password=sesame"},
		{"DISCORD_TOKEN=open sesame"}, {"BROADSHEET_DISCORD_TOKEN=open\nsesame"},
	} {
		if _, err := Load("", false, environ, nil); err == nil || strings.Contains(err.Error(), "same") {
			t.Errorf("%q: error %v, want one without the password", environ, err)
		}
	}
}
