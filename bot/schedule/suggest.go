package schedule

import (
	"slices"
	"strings"
)

// usual are the schedules offered before anything is typed, the commonest
// first. Never written to.
var usual = []string{"daily 08:00", "weekdays 07:30", "daily 18:00", "Mondays 09:00", "weekends 09:00", "every 4h",
	"daily 08:00, 18:00", "Mon,Thu 18:30", "hourly", "every 12h", "monthly 1st 09:00", "Fridays 17:00"}

// hoursByUse are the hours of the day in the order in which digests want them.
// Never written to.
var hoursByUse = []int{8, 9, 7, 18, 12, 17, 6, 19, 20, 10, 21, 16, 13, 22, 11, 15, 14, 23, 5, 0, 4, 3, 2, 1}

// Suggest completes a schedule that is being typed: at most limit canonical
// forms that Parse accepts, the likeliest first. What is typed comes first if it
// is a schedule already. It takes well under a millisecond.
func Suggest(typed string, limit int) []string {
	var found []string
	add := func(text string) bool {
		if len(found) < limit && !slices.Contains(found, text) {
			found = append(found, text)
		}
		return len(found) < limit
	}
	if s, err := Parse(typed); err == nil {
		add(s.String())
	}
	words := strings.Fields(strings.NewReplacer(",", " ", ";", " ").Replace(strings.ToLower(typed)))
	for _, candidates := range [][]string{usual, universe()} {
		for _, text := range candidates {
			if begins(text, words) && !add(text) {
				return found
			}
		}
	}
	return found
}

// universe lists the schedules that can be completed.
func universe() []string {
	dayWords := []string{"daily", "weekdays", "weekends"}
	for i := 1; i <= 7; i++ {
		dayWords = append(dayWords, dayNames[i%7]+"s")
	}
	list := []string{"every 2h", "every 3h", "every 4h", "every 6h", "every 8h", "every 12h", "every 30m", "hourly"}
	for _, days := range append(dayWords, "monthly 1st", "monthly 15th") {
		for _, hour := range hoursByUse {
			list = append(list, days+" "+clock(hour*60))
			list = append(list, days+" "+clock(hour*60+30))
		}
	}
	return list
}

// begins reports whether each typed word begins a word of text, in order. A time
// may be typed without its leading zero, and days may follow "every" or "on".
func begins(text string, typed []string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == ',' })
	for n, word := range typed {
		if word == "at" || word == "on" || word == "every" && words[0] != "every" && len(typed) > n+1 {
			continue
		}
		i := slices.IndexFunc(words, func(w string) bool {
			return strings.HasPrefix(w, word) || strings.HasPrefix(w, "0"+word)
		})
		if i < 0 {
			return false
		}
		words = words[i+1:]
		if len(words) == 0 && n+1 < len(typed) {
			return false
		}
	}
	return true
}
