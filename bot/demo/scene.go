package demo

import (
	"fmt"
	"image/color"
	"math"
	"math/rand/v2"
)

// palette is the light of an hour of the day.
type palette struct {
	skyTop, skyLow, sun      color.RGBA
	far, near                color.RGBA // hills
	seaTop, seaLow           color.RGBA
	body, shade, roof, light color.RGBA // what is built: walls, their dark side, roofs, lamps
	night                    bool
}

// palettes returns dawn, day, evening and night.
func palettes() []palette {
	return []palette{
		{
			skyTop: rgb(0x7fb7d6), skyLow: rgb(0xfde3c4), sun: rgb(0xfff3d6), far: rgb(0xa9c3cc), near: rgb(0x6f9aa0),
			seaTop: rgb(0x8fc3cf), seaLow: rgb(0x2f7488), body: rgb(0xfaf4e8), shade: rgb(0x34505c),
			roof: rgb(0xd9704f), light: rgb(0xffe9a8),
		},
		{
			skyTop: rgb(0x4a9fd8), skyLow: rgb(0xd6eefa), sun: rgb(0xffffff), far: rgb(0x8fb8b4), near: rgb(0x4f8f78),
			seaTop: rgb(0x4fb0c6), seaLow: rgb(0x12577a), body: rgb(0xffffff), shade: rgb(0x23405a),
			roof: rgb(0xe4574c), light: rgb(0xffd866),
		},
		{
			skyTop: rgb(0x3d3a78), skyLow: rgb(0xf7a072), sun: rgb(0xffd79a), far: rgb(0x7c5f8c), near: rgb(0x4d4a74),
			seaTop: rgb(0xc9847c), seaLow: rgb(0x2c3264), body: rgb(0xf6d9c4), shade: rgb(0x2a2950),
			roof: rgb(0xb84a55), light: rgb(0xffe08a),
		},
		{
			skyTop: rgb(0x0c1638), skyLow: rgb(0x32508a), sun: rgb(0xf4f1dc), far: rgb(0x243a66), near: rgb(0x1a2b50),
			seaTop: rgb(0x2b4a82), seaLow: rgb(0x0a1430), body: rgb(0xaebbd6), shade: rgb(0x101c3c),
			roof: rgb(0x6d4a68), light: rgb(0xffd977), night: true,
		},
	}
}

// sketch is a scene in the making.
type sketch struct {
	*canvas
	palette
	rnd *rand.Rand
}

// horizon is the height of the waterline.
const horizon = 196

// drawPNG draws the named scene. The same scene and seed always give the same
// bytes.
func drawPNG(scene string, seed uint64) ([]byte, error) {
	draw := scenes()[scene]
	if draw == nil {
		return nil, fmt.Errorf("no scene is called %q", scene)
	}
	rnd := rand.New(rand.NewPCG(seed, 1))
	light := palettes()[rnd.IntN(3)]
	if scene == "night" {
		light = palettes()[3]
	}
	s := &sketch{newCanvas(), light, rnd}
	s.sky()
	draw(s)
	return s.png()
}

// scenes are the subjects that an article can name.
func scenes() map[string]func(*sketch) {
	return map[string]func(*sketch){
		"bakery": bakery, "bridge": bridge, "ferry": ferry, "garden": garden, "gulls": gulls, "harbour": harbour,
		"island": island, "library": library, "lighthouse": lighthouse, "market": market, "night": night,
		"river": river, "sails": sails, "ship": ship, "village": village, "whale": whale,
	}
}

// sky draws the sky, the sun and a few clouds.
func (s *sketch) sky() {
	s.gradient(0, horizon+10, s.skyTop, s.skyLow)
	x, y := 70+s.rnd.Float64()*340, 50+s.rnd.Float64()*60
	s.circle(fade(s.sun, 0.18), x, y, 52)
	s.circle(fade(s.sun, 0.28), x, y, 38)
	s.circle(s.sun, x, y, 26)
	if s.night {
		for range 90 {
			s.circle(fade(s.sun, 0.4+0.6*s.rnd.Float64()), s.rnd.Float64()*pictureWidth, s.rnd.Float64()*170, 0.6+s.rnd.Float64())
		}
		return
	}
	for range 3 {
		s.cloud(s.rnd.Float64()*pictureWidth, 30+s.rnd.Float64()*70, 12+s.rnd.Float64()*10)
	}
}

func (s *sketch) cloud(x, y, size float64) {
	white := fade(mix(s.skyLow, rgb(0xffffff), 0.6), 0.85)
	s.polygon(white, arc(x, y, size*2.6, size*0.9, math.Pi, 2*math.Pi)...)
	s.polygon(white, arc(x-size, y, size, size*1.5, math.Pi, 2*math.Pi)...)
	s.polygon(white, arc(x+size*0.7, y, size*1.1, size*1.2, math.Pi, 2*math.Pi)...)
}

// hills draws two ranges of hills that end at the waterline.
func (s *sketch) hills() {
	phase := s.rnd.Float64() * 6
	s.ridge(s.far, 46, 0.011, phase)
	s.ridge(s.near, 26, 0.017, phase+2)
}

func (s *sketch) ridge(col color.RGBA, height, frequency, phase float64) {
	points := []point{{0, horizon + 12}}
	for x := 0.0; x <= pictureWidth; x += 8 {
		wave := math.Sin(x*frequency+phase)*0.6 + math.Sin(x*frequency*2.3+phase)*0.25
		points = append(points, point{x, horizon - height*(0.75+wave)})
	}
	s.polygon(col, append(points, point{pictureWidth, horizon + 12})...)
}

// sea draws the water and the light on it.
func (s *sketch) sea() {
	s.gradient(horizon, pictureHeight, s.seaTop, s.seaLow)
	for range 26 {
		y := horizon + 6 + s.rnd.Float64()*(pictureHeight-horizon-10)
		width := (y - horizon) * (0.3 + s.rnd.Float64()*0.5)
		x := s.rnd.Float64() * pictureWidth
		s.ellipse(fade(s.sun, 0.22), x, y, width, 1.2+(y-horizon)/90)
	}
}

// swell draws a foreground wave over the keels of ships.
func (s *sketch) swell(y float64, col color.RGBA) {
	points := []point{{0, pictureHeight}}
	phase := s.rnd.Float64() * 6
	for x := 0.0; x <= pictureWidth; x += 6 {
		points = append(points, point{x, y + 3*math.Sin(x*0.06+phase)})
	}
	s.polygon(col, append(points, point{pictureWidth, pictureHeight})...)
}

// house draws a gabled house with windows that stands on y.
func (s *sketch) house(x, y, w, h float64, wall color.RGBA) {
	s.rect(wall, x, y-h, w, h)
	s.rect(fade(s.shade, 0.14), x+w*0.62, y-h, w*0.38, h)
	s.polygon(s.roof, point{x - 3, y - h}, point{x + w/2, y - h - w*0.55}, point{x + w + 3, y - h})
	pane := s.shade
	if s.night || s.rnd.IntN(3) == 0 {
		pane = s.light
	}
	for row := y - h + 9; row < y-14; row += 20 {
		for _, column := range []float64{0.18, 0.6} {
			s.rect(pane, x+w*column, row, w*0.22, 10)
		}
	}
	s.rect(s.shade, x+w*0.4, y-13, w*0.2, 13)
}

// row draws houses side by side along the line y.
func (s *sketch) row(y, from, to, height float64) {
	walls := []color.RGBA{
		s.body, mix(s.body, s.roof, 0.35), mix(s.body, s.near, 0.45), mix(s.body, s.light, 0.55), mix(s.body, s.seaTop, 0.4),
	}
	for x := from; x < to; {
		w := 30 + s.rnd.Float64()*18
		s.house(x, y, w, height*(0.7+0.5*s.rnd.Float64()), walls[s.rnd.IntN(len(walls))])
		x += w + 1
	}
}

// hull draws a boat's body whose deck lies on y.
func (s *sketch) hull(col color.RGBA, x, y, length, depth float64) {
	s.polygon(col, point{x, y}, point{x + length, y - depth*0.25}, point{x + length*0.88, y + depth}, point{x + length*0.1, y + depth})
	s.polygon(fade(s.shade, 0.3), point{x + length*0.06, y + depth*0.6}, point{x + length*0.93, y + depth*0.6},
		point{x + length*0.88, y + depth}, point{x + length*0.1, y + depth})
}

// sailboat draws a boat with two sails; size is its height.
func (s *sketch) sailboat(x, y, size float64, sail color.RGBA) {
	s.line(s.shade, 2, point{x, y}, point{x, y - size})
	s.polygon(sail, curveTo(point{x + 2, y - size}, point{x + size*0.5, y - size*0.4}, point{x + size*0.42, y - size*0.12}, point{x + 2, y - size*0.12})...)
	s.polygon(mix(sail, s.shade, 0.15), point{x - 3, y - size*0.92}, point{x - size*0.34, y - size*0.12}, point{x - 3, y - size*0.12})
	s.hull(s.shade, x-size*0.4, y-size*0.06, size*0.85, size*0.13)
}

// curveTo closes a curve from a over b to c with the point d.
func curveTo(a, b, c, d point) []point { return append(curve(a, b, c), d) }

// gull draws a bird as seen from afar.
func (s *sketch) gull(x, y, size float64) {
	wing := mix(s.shade, rgb(0xffffff), 0.1)
	s.line(wing, size*0.14, curve(point{x - size, y}, point{x - size*0.4, y - size*0.6}, point{x, y})...)
	s.line(wing, size*0.14, curve(point{x, y}, point{x + size*0.4, y - size*0.6}, point{x + size, y - size*0.1})...)
}
