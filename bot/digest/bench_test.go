package digest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// BenchmarkBuild makes editions of windows of several sizes, 150 words an
// article, drawn from 20,000 words as unevenly as words are.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{50, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			words := func(n int) string {
				var s strings.Builder
				for i := range n {
					fmt.Fprintf(&s, "word%c%x ", 'a'+i%2, int(20000*r.Float64()*r.Float64()*r.Float64()))
					if i%15 == 14 {
						s.WriteString("end. ")
					}
				}
				return s.String()
			}
			in := Input{Now: now(), Options: Options{Words: []string{"wordaff"}}}
			for i := range n {
				in.Articles = append(in.Articles, article(int64(i+1), int64(1+r.IntN(5)), 24*r.Float64(), words(9), words(150)))
			}
			for b.Loop() {
				Build(in)
			}
		})
	}
}
