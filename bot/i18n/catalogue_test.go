package i18n

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

// placeholders returns the names in a text, sorted, each once.
func placeholders(text string) []string {
	names := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		names[m[1]] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// catalogue reads one catalogue or fails the test.
func catalogue(t *testing.T, file string) map[string]map[string]string {
	t.Helper()
	entries, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestEveryLanguageHasEveryMessage(t *testing.T) {
	t.Parallel()
	if _, err := loaded(); err != nil {
		t.Fatal(err)
	}
	english := slices.Sorted(maps.Keys(catalogue(t, "en")))
	if len(english) == 0 {
		t.Fatal("the English catalogue is empty")
	}
	for _, l := range locales() {
		if diff := cmp.Diff(english, slices.Sorted(maps.Keys(catalogue(t, l.file)))); diff != "" {
			t.Errorf("ids of %s (-English +%s):\n%s", l.file, l.file, diff)
		}
	}
}

// A form for one thing may leave the number out ("the newest article").
func TestTranslationsKeepThePlaceholders(t *testing.T) {
	t.Parallel()
	english := catalogue(t, "en")
	for _, l := range locales() {
		for id, forms := range catalogue(t, l.file) {
			want := placeholders(english[id]["other"])
			for form, text := range forms {
				got := placeholders(text)
				if form == "one" && !slices.Contains(got, "n") {
					got = slices.Sorted(slices.Values(append(got, "n")))
				}
				// Dates choose among the parts they are given.
				if strings.HasPrefix(id, "date.") {
					continue
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: %s, %s: %q: placeholders (-English +got):\n%s", l.file, id, form, text, diff)
				}
			}
		}
	}
}

func TestPluralFormsAreThoseOfTheLanguage(t *testing.T) {
	t.Parallel()
	english := catalogue(t, "en")
	for _, l := range locales() {
		for id, forms := range catalogue(t, l.file) {
			want := []string{"other"}
			if len(english[id]) > 1 && l.code != "ja" {
				want = []string{"one", "other"}
			}
			if diff := cmp.Diff(want, slices.Sorted(maps.Keys(forms))); diff != "" {
				t.Errorf("%s: forms of %s (-want +got):\n%s", l.file, id, diff)
			}
		}
	}
}

func TestTextsAreCleanAndNotEmpty(t *testing.T) {
	t.Parallel()
	for _, l := range locales() {
		for id, forms := range catalogue(t, l.file) {
			for form, text := range forms {
				if text == "" || text != strings.TrimSpace(text) && id != "story.papers.separator" {
					t.Errorf("%s: %s, %s: %q is empty or has loose spaces", l.file, id, form, text)
				}
				if rest := placeholder.ReplaceAllString(text, ""); strings.ContainsAny(rest, "{}<>*`\\") {
					t.Errorf("%s: %s, %s: %q has a broken placeholder or markup", l.file, id, form, text)
				}
			}
		}
	}
}

// A key that stands twice in a JSON object would silently hide the first.
func TestNoMessageStandsTwice(t *testing.T) {
	t.Parallel()
	for _, l := range locales() {
		body, err := files.ReadFile("locales/" + l.file + ".json")
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(body))
		seen, depth, key := map[string]bool{}, 0, true
		for {
			token, err := d.Token()
			if err != nil {
				break
			}
			switch v := token.(type) {
			case json.Delim:
				depth += map[json.Delim]int{'{': 1, '}': -1}[v]
				key = true
			case string:
				if depth == 1 && key {
					if seen[v] {
						t.Errorf("%s: %s stands twice", l.file, v)
					}
					seen[v] = true
				}
				key = depth != 1 || !key
			}
		}
		if len(seen) != len(catalogue(t, l.file)) {
			t.Errorf("%s: counted %d keys of %d", l.file, len(seen), len(catalogue(t, l.file)))
		}
	}
}

// Discord's rules for commands (documentation, "Application Command Naming" and
// "Application Command Object").
func TestCommandTextsFitDiscord(t *testing.T) {
	t.Parallel()
	naming := regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)
	for _, l := range locales() {
		siblings, size := map[string]string{}, map[string]int{}
		for id, forms := range catalogue(t, l.file) {
			path, isCommand := strings.CutPrefix(id, "cmd.")
			text, length := forms["other"], utf8.RuneCountInString(forms["other"])
			if !isCommand {
				continue
			}
			size[strings.SplitN(path, ".", 2)[0]] += length
			parent, leaf := "", path
			if i := strings.LastIndex(strings.TrimSuffix(path, ".name"), "."); i >= 0 {
				parent, leaf = path[:i], path[i:]
			}
			switch {
			case strings.HasPrefix(path, "menu."):
				if length > 32 {
					t.Errorf("%s: %s: %q has %d characters, menus may have 32", l.file, id, text, length)
				}
			case strings.HasSuffix(leaf, ".name") || strings.HasSuffix(path, ".name"):
				if !naming.MatchString(text) || strings.ToLower(text) != text {
					t.Errorf("%s: %s: %q is no name for a command", l.file, id, text)
				}
				if other, taken := siblings[parent+" "+text]; taken {
					t.Errorf("%s: %s and %s are both %q", l.file, id, other, text)
				}
				siblings[parent+" "+text] = id
			default:
				if length > 100 {
					t.Errorf("%s: %s: %d characters, Discord takes 100", l.file, id, length)
				}
			}
		}
		for command, n := range size {
			if n > 6000 { // 8,000 with what is not in the catalogue: values of choices
				t.Errorf("%s: /%s has %d characters in all", l.file, command, n)
			}
		}
	}
}

func TestEveryCommandNameHasItsDescription(t *testing.T) {
	t.Parallel()
	for id := range catalogue(t, "en") {
		if path, ok := strings.CutSuffix(id, ".name"); ok && !strings.HasPrefix(id, "cmd.menu.") && !Has(path+".description") {
			t.Errorf("%s has no description", path)
		}
	}
}

func TestLabelsFitDiscord(t *testing.T) {
	t.Parallel()
	// A phone shows about 38 characters of a button; Discord takes 80, and
	// 150 of a menu's placeholder.
	limits := map[string]int{"button.": 24, "backlog.": 80, "menu.": 45}
	for _, l := range locales() {
		for id, forms := range catalogue(t, l.file) {
			for prefix, limit := range limits {
				if n := utf8.RuneCountInString(forms["other"]); strings.HasPrefix(id, prefix) && !strings.HasPrefix(id, "backlog.done") && n > limit {
					t.Errorf("%s: %s: %q has %d characters, want at most %d", l.file, id, forms["other"], n, limit)
				}
			}
		}
	}
}
