package schedule

import "strings"

// Nearest is the known word that was probably meant by a mistyped one, or "".
// Case does not count. Words may differ by one edit (an inserted, dropped,
// changed or swapped letter) up to four letters and by about one in three above.
func Nearest(word string, known []string) string {
	word = strings.ToLower(word)
	best, least := "", max(2, len(word)/3+1)
	for _, k := range known {
		if n := distance(word, strings.ToLower(k)); n < least {
			best, least = k, n
		}
	}
	return best
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours between two words (optimal string alignment).
func distance(a, b string) int {
	width := len(b) + 1
	d := make([]int, (len(a)+1)*width)
	for i := range len(a) + 1 {
		d[i*width] = i
	}
	for j := range width {
		d[j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			n := min(d[(i-1)*width+j]+1, d[i*width+j-1]+1, d[(i-1)*width+j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				n = min(n, d[(i-2)*width+j-2]+1)
			}
			d[i*width+j] = n
		}
	}
	return d[len(d)-1]
}
