package feeds

import (
	"strings"
	"time"
)

// layouts are the dates found in real feeds that gofeed does not read.
func layouts() []string {
	return []string{
		"2006-1-2", "2006-1-2T15:04:05-0700", "2006-1-2 15:04:05", "2006-1-2 15:04:05 -0700", "2006-1-2 15:04:05-07:00",
		"2006-1-2T15:04-07:00", "2006-01-02T15:04", "2006/1/2 15:04:05", "2006/1/2 15:04", "2006/1/2", "2006-1-2T15:4:5-07:00",
		"2006-1-2T15:04:05", "2006-1-2 15:04:05.999999999 -0700", "2006-1-2 15:04:05.999999999",
		"2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999-0700",
		"2006-1-2 15:04", "2006.1.2 15:04:05", "2006.1.2", "2.1.2006 15:04", "2.1.2006", "20060102T150405Z",
		"20060102150405", "20060102", "2006-01", "2006", "2 Jan 2006 15:04", "2 January 2006 15:04:05",
		"2 January 2006 15:04", "Mon, 2 Jan 2006 15:04:05 -07:00", "Jan 2, 2006 15:04:05", "Jan 2, 2006 15:04",
		"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05", "2 Jan 2006 15:04 -0700", "2 Jan 06 15:04 -0700",
		"2 Jan 06 15:04:05 -0700", "2 Jan 2006", "Jan 2, 2006", "Jan 2, 2006 15:04:05 -0700", "Jan 2 15:04:05 2006", "Jan 2 15:04:05 MST 2006",
		"2006-1-2T15:04:05-07", "20060102T150405-07:00",
		"2006年1月2日 15:04", "2006年1月2日",
	}
}

// parseDate reads a date that gofeed could not, as UTC; zero if it makes no sense.
func parseDate(s string) time.Time {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, ",", ", ")), " ")
	if s == "" {
		return time.Time{}
	}
	if len(s) > 10 && s[0] <= '9' && s[10] == 't' {
		s = strings.ToUpper(s) // RFC 3339 allows it, time.Parse does not
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return sane(t)
	}
	s = fixOffset(s)
	for _, candidate := range [...]string{s, englishDate(s)} {
		for _, layout := range layouts() {
			if t, err := time.Parse(layout, candidate); err == nil {
				return sane(t)
			}
		}
	}
	return time.Time{}
}

// zones are the named time zones that RSS has (RFC 822) and that are met besides,
// with their offsets. time.Parse takes a name it does not know for UTC.
const zones = " UT=+0000 GMT=+0000 UTC=+0000 WET=+0000 BST=+0100 CET=+0100 MEZ=+0100 WEST=+0100 CEST=+0200 MESZ=+0200 EET=+0200 EEST=+0300" +
	" MSK=+0300 IST=+0530 HKT=+0800 SGT=+0800 JST=+0900 KST=+0900 AEST=+1000 AEDT=+1100 NZST=+1200 NZDT=+1300" +
	" EST=-0500 EDT=-0400 CST=-0600 CDT=-0500 MST=-0700 MDT=-0600 PST=-0800 PDT=-0700 AKST=-0900 HST=-1000 BRT=-0300 ART=-0300 "

// fixOffset repairs hours of an offset with one digit ("…T12:35:3+01:00" has
// one in the seconds, which time.Parse accepts by another layout) and a
// trailing "Z" behind an offset.
func fixOffset(s string) string {
	if space := strings.LastIndexByte(s, ' '); space > 0 {
		if at := strings.Index(zones, " "+strings.ToUpper(s[space+1:])+"="); at >= 0 {
			return s[:space+1] + zones[at+len(s)-space+1:][:5]
		}
	}
	s = strings.TrimSuffix(s, " (UTC)")
	s = strings.Replace(s, " GMT+", " +", 1)
	s = strings.Replace(s, " Z", " +0000", 1)
	if strings.HasSuffix(s, "Z") && strings.ContainsAny(s[:len(s)-1], "+") {
		s = s[:len(s)-1]
	}
	if strings.HasSuffix(s, "Z") && len(s) > 1 && s[len(s)-2] >= '0' && s[len(s)-2] <= '9' {
		s = s[:len(s)-1] + "+00:00"
	}
	return s
}

// monthNames are months and the English abbreviations they stand for.
const monthNames = " janv=Jan févr=Feb fev=Feb feb=Feb mars=Mar mär=Mar märz=Mar maart=Mar mrt=Mar avr=Apr abr=Apr mai=May mei=May maj=May " +
	"juin=Jun juni=Jun juil=Jul juli=Jul août=Aug ago=Aug sept=Sep set=Sep okt=Oct oct=Oct out=Oct nov=Nov dez=Dec déc=Dec dic=Dec ene=Jan gen=Jan mag=May giu=Jun lug=Jul " +
	"january=Jan february=Feb march=Mar april=Apr may=May june=Jun july=Jul august=Aug september=Sep october=Oct november=Nov december=Dec " +
	"jan=Jan mar=Mar apr=Apr jun=Jun jul=Jul aug=Aug sep=Sep dec=Dec " +
	"januar=Jan februar=Feb oktober=Oct dezember=Dec janvier=Jan février=Feb avril=Apr juillet=Jul septembre=Sep octobre=Oct novembre=Nov décembre=Dec " +
	"enero=Jan febrero=Feb marzo=Mar abril=Apr mayo=May junio=Jun julio=Jul agosto=Aug septiembre=Sep octubre=Oct noviembre=Nov diciembre=Dec " +
	"janeiro=Jan fevereiro=Feb março=Mar maio=May junho=Jun julho=Jul setembro=Sep outubro=Oct novembro=Nov dezembro=Dec " +
	"gennaio=Jan febbraio=Feb aprile=Apr maggio=May giugno=Jun luglio=Jul settembre=Sep ottobre=Oct dicembre=Dec "

// englishDate translates the months of other languages and drops week days and
// the "de" of Spanish and Portuguese.
func englishDate(s string) string {
	words := strings.Fields(s)
	kept := words[:0]
	for i, word := range words {
		low := strings.Trim(strings.ToLower(word), ".,")
		at := strings.Index(monthNames, " "+low+"=")
		tuesday := low == "mar" && strings.HasSuffix(word, ",")
		switch {
		case low == "" || low == "de":
			continue
		case at >= 0 && !(i == 0 && tuesday):
			word = monthNames[at+len(low)+2:][:3]
		case low[0] >= '0' && low[0] <= '9':
			word = strings.TrimSuffix(word, ".") // German days
		case i == 0:
			continue
		}
		kept = append(kept, word)
	}
	return strings.Join(kept, " ")
}

// sane returns t as UTC, zero if it lies before the web or beyond all plans.
func sane(t time.Time) time.Time {
	if t.Year() < 1985 || t.Year() > 2200 {
		return time.Time{}
	}
	return t.UTC()
}

// firstDate is the first of the dates that is known: parsed ones as they are,
// others from their text.
func firstDate(parsed *time.Time, texts ...string) time.Time {
	if parsed != nil {
		if t := sane(*parsed); !t.IsZero() {
			return t
		}
	}
	for _, text := range texts {
		if t := readDate(text); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// readDate reads a date in the formats of RSS and Atom, then in any other.
func readDate(s string) time.Time {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range [...]string{time.RFC3339, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 GMT"} {
		if t, err := time.Parse(layout, s); err == nil {
			return sane(t)
		}
	}
	return parseDate(s)
}
