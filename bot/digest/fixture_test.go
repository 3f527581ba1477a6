package digest

import (
	"strings"
	"testing"
	"time"

	"broadsheet/bot/filter"
)

// now is the moment of every digest in these tests: a Tuesday morning.
func now() time.Time { return time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC) }

// article is a piece of an invented paper; hours is its age.
func article(id, feed int64, hours float64, title, text string) Article {
	at := now().Add(-time.Duration(hours * float64(time.Hour)))
	return Article{
		ID: id, FeedID: feed, Source: papers()[feed], Title: title, Text: text, Lang: "en",
		Link:      "https://paper" + string(rune('0'+feed)) + ".example/" + strings.ReplaceAll(strings.ToLower(title), " ", "-"),
		Published: at, Seen: at.Add(10 * time.Minute),
	}
}

func papers() map[int64]string {
	return map[int64]string{1: "Harbour Post", 2: "Daily Quay", 3: "The Tern", 4: "Island Gazette", 5: "Lamp & Buoy"}
}

const bridgeText = "The council of Port Merrow voted 31 to 14 on Monday to rebuild the Merrow harbour bridge instead of patching it. " +
	"The bridge closes to all traffic on 4 May and stays closed for two years. " +
	"Ferries will run every ten minutes between the Customs Steps and North Mole. " +
	"Mayor Ilse Tarrant said that patching the bridge again would have cost more than a new one within a decade."

const bridgeRetold = "Port Merrow's harbour bridge will close in May for two years, after councillors voted 31 to 14 to rebuild it. " +
	"Mayor Ilse Tarrant told the council that patching the Merrow bridge had become dearer than a new one. " +
	"A ferry every ten minutes between the Customs Steps and North Mole is to replace it."

const bridgeLater = "Engineers found cracks in three pillars of the Merrow harbour bridge that no earlier survey had shown. " +
	"Lorries above seven tonnes are banned at once, three months ahead of the closure of the harbour bridge. " +
	"Haulage firms protested and asked the regional government for compensation. " +
	"The harbour master expects queues at the western roundabout on weekday mornings. " +
	"Mayor Ilse Tarrant will answer questions from residents on Thursday evening in the fish hall."

// press is a morning's articles: the bridge in three papers, the vaccine in
// two, and single pieces.
func press() []Article {
	return []Article{
		article(101, 1, 3, "Merrow harbour bridge closes for two years", bridgeText),
		article(102, 2, 2, "Two years without the Merrow harbour bridge", bridgeRetold),
		article(103, 3, 5, "Merrow council votes to rebuild harbour bridge", "The Merrow council voted 31 to 14 for rebuilding the harbour bridge. It closes on 4 May for two years. Ferries from the Customs Steps to North Mole replace it."),
		article(104, 3, 6, "Measles vaccine reaches the outer islands", "The first 4,000 doses of measles vaccine reached the outer islands on the mail boat. Nurses on Skarra start vaccinating schoolchildren today."),
		article(105, 4, 7, "Skarra nurses start measles vaccinations", "Nurses on Skarra start vaccinating schoolchildren against measles today. The mail boat brought 4,000 doses of the vaccine to the outer islands."),
		article(106, 2, 1, "River gauges replaced after the flood", "The water board has replaced eleven river gauges that the January flood tore away."),
		article(107, 1, 4, "Herring prices fall to a ten-year low", "Herring fetched forty cents a kilo at the morning auction, the least in ten years."),
		article(108, 1, 9, "Old lighthouse becomes a library", "The lighthouse on Gull Point opens as a public library with nine thousand books."),
		article(109, 1, 11, "Tram line 4 gets new cars", "Six new tram cars go into service on line 4 next week."),
		article(110, 5, 12, "Chess club wins the northern league", "The Lantern Street chess club won the northern league on the last board."),
		article(111, 5, 30, "Bakery reopens after fire", "The bakery in Mill Lane reopens a year after the fire that destroyed its ovens."),
	}
}

// rules compiles filter rules or fails the test.
func rules(t *testing.T, texts ...string) *filter.Set {
	t.Helper()
	var all []filter.Rule
	for _, text := range texts {
		r, err := filter.ParseRule(text)
		if err != nil {
			t.Fatalf("ParseRule(%q): %v", text, err)
		}
		all = append(all, r)
	}
	set, err := filter.Compile(all)
	if err != nil {
		t.Fatal(err)
	}
	return set
}
