package schedule

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSuggestCompletes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typed string
		want  []string // the first ones
	}{
		{"", []string{"daily 08:00", "weekdays 07:30", "daily 18:00", "Mondays 09:00"}},
		{"d", []string{"daily 08:00", "daily 18:00"}},
		{"week", []string{"Mondays 08:00", "weekdays 07:30", "weekends 09:00"}},
		{"weekdays 7", []string{"weekdays 07:00", "weekdays 07:30"}},
		{"weekdays at 7", []string{"weekdays 07:00", "weekdays 07:30"}},
		{"7:3", []string{"weekdays 07:30", "daily 07:30"}},
		{"8pm", []string{"daily 20:00"}},
		{"tue", []string{"Tuesdays 08:00"}},
		{"every 4", []string{"daily 04:00", "every 4h"}},
		{"every sat", []string{"Saturdays 08:00"}},
		{"sat 1", []string{"Saturdays 01:00", "Saturdays 18:00"}},
		{"0 8 * * 1", []string{"0 8 * * 1"}},
		{"mon,wed", []string{"Mon,Wed 08:00"}},
		{"monthly 15", []string{"monthly 1st 15:00"}},
		{"monthly 15t", []string{"monthly 15th 08:00"}},
	}
	for _, test := range tests {
		got := Suggest(test.typed, 25)
		if len(got) < len(test.want) {
			t.Errorf("Suggest(%q) = %q, want at least %q", test.typed, got, test.want)
			continue
		}
		if diff := cmp.Diff(test.want, got[:len(test.want)]); diff != "" {
			t.Errorf("Suggest(%q) (-want +got):\n%s", test.typed, diff)
		}
	}
}

func TestSuggestOffersOnlyWhatParseAccepts(t *testing.T) {
	t.Parallel()
	for _, text := range append(universe(), usual...) {
		if s, err := Parse(text); err != nil || s.String() != text {
			t.Errorf("offered %q is %q, %v", text, s, err)
		}
	}
	for _, typed := range []string{"", "m", "8", "every", "weekends 1", "!!", "TZ=0", "bananas"} {
		got := Suggest(typed, 7)
		if len(got) > 7 {
			t.Errorf("Suggest(%q, 7) gives %d", typed, len(got))
		}
		for i, text := range got {
			if slices.Contains(got[:i], text) {
				t.Errorf("Suggest(%q) repeats %q", typed, text)
			}
		}
	}
	if got := Suggest("", 0); len(got) != 0 {
		t.Errorf("Suggest with limit 0 = %q", got)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"interval", "max_interval", "timeout", "url", "listen"}
	tests := []struct{ word, want string }{
		{"intervall", "interval"}, {"Interval", "interval"}, {"maxinterval", "max_interval"}, {"tiemout", "timeout"},
		{"ulr", "url"}, {"lsiten", "listen"}, {"bananas", ""}, {"", ""}, {"x", ""},
	}
	for _, test := range tests {
		if got := Nearest(test.word, known); got != test.want {
			t.Errorf("Nearest(%q) = %q, want %q", test.word, got, test.want)
		}
	}
}
