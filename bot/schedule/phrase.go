package schedule

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// defaultTime is when days without a time run.
const defaultTime = 8 * 60

// phrase is what the words of a schedule have said so far.
type phrase struct {
	text   string
	tokens []string
	dow    uint64 // weekdays named
	weekly bool   // "weekly": Mondays unless a day is named
	month  bool   // "monthly"
	dom    int    // day of the month named, or 0
	times  []int
	every  int  // minutes
	late   bool // "evening": hours before noon mean those after it
}

// parsePhrase reads a schedule in words.
func parsePhrase(text string) (Schedule, error) {
	p := phrase{text: text, tokens: tokenize(text)}
	for len(p.tokens) > 0 {
		if err := p.step(); err != nil {
			return Schedule{}, err
		}
	}
	return p.schedule()
}

// tokenize cuts a phrase into lower-case words, times and hyphens.
func tokenize(text string) []string {
	text = strings.ToLower(norm.NFKC.String(text))
	text = strings.NewReplacer("a.m.", "am", "p.m.", "pm", "a.m", "am", "p.m", "pm", "o'clock", " ", "o’clock", " ",
		"–", "-", "—", "-", "‑", "-", ",", " ", ";", " ", "&", " ", "+", " ").Replace(text)
	var tokens []string
	for _, word := range strings.Fields(text) {
		// mon-fri is a range; half-hourly and a time zone's name are single words.
		parts := strings.Split(word, "-")
		if len(parts) != 2 || weekday(parts[0]) < 0 && parts[0] != "" || weekday(parts[1]) < 0 && parts[1] != "" {
			tokens = append(tokens, strings.TrimRight(word, "."))
			continue
		}
		for i, part := range parts {
			if i > 0 {
				tokens = append(tokens, "-")
			}
			if part != "" {
				tokens = append(tokens, strings.TrimRight(part, "."))
			}
		}
	}
	return tokens
}

// step reads one word, and those that belong to it.
func (p *phrase) step() error {
	word := p.next()
	if day := weekday(word); day >= 0 {
		return p.weekday(day)
	}
	switch word {
	case "", "at", "on", "the", "of", "and", "month", "in", "once", "a", "per", "uhr", "um":
		return nil
	case "every", "each":
		return p.everyX()
	case "hourly":
		return p.interval(60)
	case "daily", "everyday", "day", "days":
		p.dow |= allDow &^ star
	case "weekday", "weekdays", "workday", "workdays", "working":
		p.dow |= workdays
	case "weekend", "weekends":
		p.dow |= weekend
	case "weekly", "week":
		p.weekly = true
	case "monthly":
		p.month = true
	case "noon", "midday":
		p.times = append(p.times, 12*60)
	case "midnight":
		p.times = append(p.times, 0)
	case "morning", "mornings": // defaultTime, or what the time says
	case "evening", "evenings":
		p.late = true
	default:
		return p.number(word)
	}
	return nil
}

func (p *phrase) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	word := p.tokens[0]
	p.tokens = p.tokens[1:]
	return word
}

func (p *phrase) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

// weekday adds a day, or the days up to the one behind "to".
func (p *phrase) weekday(from int) error {
	p.dow |= 1 << uint(from)
	switch p.peek() {
	case "-", "to", "till", "until", "through", "thru":
	default:
		return nil
	}
	p.next()
	to := weekday(p.next())
	if to < 0 {
		return fmt.Errorf("the range of days in %q has no end; write \"Mon-Fri 08:00\"", p.text)
	}
	for day := from; day != to; day = (day + 1) % 7 {
		p.dow |= 1 << uint(day)
	}
	p.dow |= 1 << uint(to)
	return nil
}

// everyX reads what follows "every": an interval, or else days as if it were not there.
func (p *phrase) everyX() error {
	if p.peek() == "other" {
		return fmt.Errorf("%q cannot be kept: name the days instead, for example \"Mon,Wed,Fri 08:00\"", p.text)
	}
	if unit := unitMinutes(p.peek()); unit > 0 {
		p.next()
		return p.interval(unit)
	}
	if minutes := hoursAndMinutes(p.peek()); minutes > 0 {
		p.next()
		return p.interval(minutes)
	}
	digits, unit := splitNumber(p.peek())
	if digits == "" || unit != "" && unitMinutes(unit) == 0 {
		return nil // "every Monday", "every 08:00"
	}
	if unit == "" {
		switch {
		case len(p.tokens) > 1 && longUnit(p.tokens[1]):
			return fmt.Errorf("%q cannot be kept: name the days instead, for example \"Mon,Wed,Fri 08:00\"", p.text)
		case len(p.tokens) < 2 || unitMinutes(p.tokens[1]) == 0:
			return nil // "every 8" is a time
		}
		p.next()
		unit = p.peek()
	}
	p.next()
	n, err := strconv.Atoi(digits)
	if err != nil || n > minutesPerDay {
		return fmt.Errorf("the interval in %q is too long: the longest is a day", p.text)
	}
	return p.interval(n * unitMinutes(unit))
}

// interval sets the minutes between two runs.
func (p *phrase) interval(minutes int) error {
	switch {
	case p.every > 0 && p.every != minutes:
		return fmt.Errorf("%q names two intervals; one schedule has one", p.text)
	case minutes <= 0:
		return fmt.Errorf("the interval in %q must be longer than nothing", p.text)
	case minutes > minutesPerDay:
		return fmt.Errorf("the interval in %q is longer than a day: name the days instead, for example \"Mon,Thu 08:00\"", p.text)
	}
	p.every = minutes
	return nil
}

// number reads a time of the day, a day of the month, or reports the word that
// is none of the known ones.
func (p *phrase) number(word string) error {
	if day := ordinal(word); day > 0 {
		if p.dom != 0 && p.dom != day {
			return fmt.Errorf("%q names two days of the month; write a cron line such as \"0 8 1,15 * *\"", p.text)
		}
		p.dom = day
		return nil
	}
	if digits, unit := splitNumber(word); digits != "" && unitMinutes(unit) == 1 {
		n, err := strconv.Atoi(digits)
		if err != nil {
			return fmt.Errorf("the interval in %q is too long: the longest is a day", p.text)
		}
		return p.interval(n)
	} else if digits != "" && unit == "h" {
		return fmt.Errorf("%q can mean \"every %sh\" or \"daily %s:00\"; write which", word, digits, digits)
	}
	suffix := ""
	if next := p.peek(); next == "am" || next == "pm" {
		suffix = p.next()
	}
	at, ok := clockTime(word + suffix)
	if !ok {
		return p.unknown(word)
	}
	p.times = append(p.times, at)
	return nil
}

// unknown explains a word that no schedule has.
func (p *phrase) unknown(word string) error {
	switch {
	case strings.Contains(word, "/") || word == "utc" || word == "gmt":
		return fmt.Errorf("the schedule %q names a time zone (%s); choose it apart from the schedule", p.text, word)
	case word == "-":
		return fmt.Errorf("the hyphen in %q joins no two days; %s", p.text, accepted)
	case word != "" && unicode.IsDigit(rune(word[0])):
		return fmt.Errorf("%q in the schedule is no time of the day; write 08:00, 18:30 or 6:30pm", word)
	}
	if near := Nearest(word, vocabulary); near != "" {
		return fmt.Errorf("the word %q in the schedule is not known; did you mean %q?", word, near)
	}
	return fmt.Errorf("the word %q in the schedule is not known; %s", word, accepted)
}

// schedule makes a Schedule of what was read.
func (p *phrase) schedule() (Schedule, error) {
	dow := p.dow
	if p.weekly && dow == 0 {
		dow = 1 << 1
	}
	if dow == 0 {
		dow = allDow &^ star
	}
	s := Schedule{days: on(dow), every: p.every}
	if p.month || p.dom > 0 {
		day := max(p.dom, 1)
		if p.dow != 0 || p.weekly || p.every > 0 {
			return Schedule{}, fmt.Errorf("%q mixes a day of the month with other days; write a cron line such as \"0 8 1 * *\"", p.text)
		}
		if day > 28 {
			return Schedule{}, fmt.Errorf("not every month has a day %d; choose 1 to 28, or a cron line such as \"0 8 %d * *\"", day, day)
		}
		s.days = days{1 << uint(day), allMonths, allDow}
	}
	if p.every > 0 {
		if len(p.times) > 0 {
			return Schedule{}, fmt.Errorf("%q names an interval and a time; \"every 4h\" counts from midnight by itself", p.text)
		}
		for at := 0; at < minutesPerDay; at += p.every {
			s.times = append(s.times, at)
		}
	} else {
		s.times = p.timesOfDay()
	}
	if s.every == minutesPerDay {
		s.every = 0 // the same as daily 00:00
	}
	s.text = s.words()
	if len(s.text) > maxLength {
		return Schedule{}, fmt.Errorf("the schedule names %d times of the day; write an interval such as \"every 30m\" or a cron line", len(s.times))
	}
	return s, nil
}

// timesOfDay are the times named, or the usual one, in order and once each.
func (p *phrase) timesOfDay() []int {
	times := slices.Clone(p.times)
	if len(times) == 0 {
		times = []int{defaultTime}
		if p.late {
			times = []int{18 * 60}
		}
	}
	for i, at := range times {
		if p.late && at < 12*60 {
			times[i] = at + 12*60
		}
	}
	slices.Sort(times)
	return slices.Compact(times)
}

// words is the canonical phrase.
func (s Schedule) words() string {
	when := make([]string, len(s.times))
	for i, at := range s.times {
		when[i] = clock(at)
	}
	tail := strings.Join(when, ", ")
	if s.every > 0 {
		tail = "every " + interval(s.every)
		if s.every == 60 {
			tail = "hourly"
		}
	}
	if day, ok := s.days.monthly(); ok {
		return "monthly " + nth(day) + " " + tail
	}
	dow, _ := s.days.weekly()
	switch {
	case dow == allDow&^star && s.every > 0:
		return tail
	case dow == allDow&^star:
		return "daily " + tail
	case dow == workdays:
		return "weekdays " + tail
	case dow == weekend:
		return "weekends " + tail
	case bits.OnesCount64(dow) == 1:
		return dayNames[bits.TrailingZeros64(dow)] + "s " + tail
	}
	return strings.Join(shortDays(dow), ",") + " " + tail
}
