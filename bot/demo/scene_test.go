package demo

import (
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestEverySceneShowsItsSubject(t *testing.T) {
	t.Parallel()
	for name, draw := range scenes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			with, without := sketchOf(0), sketchOf(0)
			without.hills()
			without.sea()
			draw(with)
			differing, all := 0, 0
			// Every fourth pixel tells enough.
			for y := 0; y < pictureHeight; y += 4 {
				for x := 0; x < pictureWidth; x += 4 {
					all++
					if distance(with.mean(x, y), without.mean(x, y)) > 60 {
						differing++
					}
				}
			}
			if share := float64(differing) / float64(all); share < 0.03 {
				t.Errorf("the subject changes %.1f %% of an empty sea, want at least 3 %%", 100*share)
			}
		})
	}
}

// distance is how far apart two colours are, in steps of their channels.
func distance(a, b color.RGBA) float64 {
	return math.Abs(float64(a.R)-float64(b.R)) + math.Abs(float64(a.G)-float64(b.G)) + math.Abs(float64(a.B)-float64(b.B))
}

// sketchOf is a sky by the light of the n-th palette.
func sketchOf(n int) *sketch {
	s := &sketch{newCanvas(), palettes()[n], rand.New(rand.NewPCG(7, 7))}
	s.sky()
	return s
}

func TestNightScenesAreDarkAndOthersBright(t *testing.T) {
	t.Parallel()
	for n, p := range palettes() {
		s := sketchOf(n)
		s.sea()
		light := 0.0
		for y := 0; y < pictureHeight; y += 8 {
			for x := 0; x < pictureWidth; x += 8 {
				c := s.mean(x, y)
				light += float64(c.R) + float64(c.G) + float64(c.B)
			}
		}
		light /= 255 * 3 * (pictureWidth / 8) * (pictureHeight / 8)
		if dark := light < 0.33; dark != p.night {
			t.Errorf("palette %d has the brightness %.2f, but night = %v", n, light, p.night)
		}
	}
}

func TestScenesInOneLightDifferFromEachOther(t *testing.T) {
	t.Parallel()
	for name, draw := range scenes() {
		first, second := sketchOf(1), sketchOf(1)
		first.rnd, second.rnd = rand.New(rand.NewPCG(1, 1)), rand.New(rand.NewPCG(2, 1))
		draw(first)
		draw(second)
		if slices.Equal(first.dots.Pix, second.dots.Pix) {
			t.Errorf("%s is always drawn the same", name)
		}
	}
}
