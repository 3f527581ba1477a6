package demo

import (
	"image/color"
	"math"
)

func village(s *sketch) {
	s.hills()
	s.gradient(horizon, pictureHeight, mix(s.body, s.shade, 0.35), mix(s.body, s.shade, 0.6))
	s.row(212, 0, 480, 84)
	s.row(262, -12, 150, 96)
	s.row(262, 330, 480, 100)
	s.lamp(240, 262)
}

// lamp draws a street lamp that stands on y.
func (s *sketch) lamp(x, y float64) {
	s.line(s.shade, 4, point{x, y}, point{x, y - 84})
	s.circle(fade(s.light, 0.3), x, y-94, 28)
	s.polygon(s.light, point{x - 7, y - 86}, point{x + 7, y - 86}, point{x + 10, y - 104}, point{x - 10, y - 104})
	s.polygon(s.shade, point{x - 12, y - 104}, point{x, y - 114}, point{x + 12, y - 104})
}

func market(s *sketch) {
	s.hills()
	s.gradient(horizon, pictureHeight, mix(s.body, s.shade, 0.3), mix(s.body, s.shade, 0.55))
	s.row(206, 0, 480, 58)
	for i := range 3 {
		s.stall(24+float64(i)*152, 278)
	}
	s.line(s.shade, 1.4, curve(point{0, 140}, point{240, 190}, point{480, 140})...)
	for i := range 9 {
		t := float64(i+1) / 10
		y := 140 + 100*t*(1-t)
		s.circle(fade(s.light, 0.35), t*480, y+6, 9)
		s.circle(s.light, t*480, y+6, 4.5)
	}
}

// stall draws a market stall with a striped awning that stands on y.
func (s *sketch) stall(x, y float64) {
	s.rect(mix(s.shade, s.roof, 0.35), x+6, y-34, 116, 34)
	s.line(s.shade, 3, point{x + 8, y}, point{x + 8, y - 84})
	s.line(s.shade, 3, point{x + 120, y}, point{x + 120, y - 84})
	goods := []color.RGBA{s.light, s.roof, s.near, s.body}
	for i := range 12 {
		s.circle(goods[s.rnd.IntN(len(goods))], x+14+float64(i)*9.2, y-37-float64(i%2)*5, 6)
	}
	for i := range 8 {
		col := s.body
		if i%2 == 0 {
			col = s.roof
		}
		left := x + float64(i)*16
		s.polygon(col, point{x + 10 + float64(i)*13.5, y - 100}, point{x + 23.5 + float64(i)*13.5, y - 100},
			point{left + 16, y - 74}, point{left, y - 74})
		s.polygon(col, arc(left+8, y-74, 8, 7, 0, math.Pi)...)
	}
}

func bakery(s *sketch) {
	wall := mix([]color.RGBA{s.roof, s.near, s.seaTop}[s.rnd.IntN(3)], s.body, 0.5+0.1*s.rnd.Float64())
	s.gradient(0, 262, wall, mix(wall, s.shade, 0.12))
	s.gradient(262, pictureHeight, mix(s.body, s.shade, 0.5), mix(s.body, s.shade, 0.7))
	s.rect(s.shade, 60, 96, 360, 140)
	s.rect(mix(s.light, s.body, 0.35), 70, 106, 340, 120)
	s.rect(s.shade, 70, 190, 340, 6)
	crust := mix(rgb(0xa8622c), s.light, 0.15)
	for i := range 4 {
		x := 112 + float64(i)*85
		s.polygon(crust, arc(x, 190, 28+s.rnd.Float64()*10, 24+s.rnd.Float64()*10, math.Pi, 2*math.Pi)...)
		for j := range 3 {
			slash := x - 18 + float64(j)*14
			s.line(fade(rgb(0xffe2b0), 0.9), 3, point{slash, 182}, point{slash + 10, 168})
		}
		s.ellipse(mix(crust, s.shade, 0.2), x, 216, 32, 9)
	}
	for i := range 12 {
		col := s.body
		if i%2 == 0 {
			col = s.roof
		}
		x := 48 + float64(i)*32
		s.rect(col, x, 62, 32, 30)
		s.polygon(col, arc(x+16, 92, 16, 11, 0, math.Pi)...)
	}
	s.rect(s.shade, 40, 54, 400, 10)
	s.rect(s.shade, 60, 236, 360, 12)
}

func library(s *sketch) {
	wood := mix(rgb(0x6b4226), s.shade, 0.3)
	s.gradient(0, pictureHeight, mix(wood, s.shade, 0.25), mix(wood, s.shade, 0.55))
	colours := []color.RGBA{s.roof, s.body, s.near, s.light, s.seaLow, mix(s.roof, s.light, 0.5), s.far}
	for shelf := range 3 {
		y := 96 + float64(shelf)*92
		for x := 18.0; x < 452; {
			w := 9 + s.rnd.Float64()*13
			h := 52 + s.rnd.Float64()*24
			col := colours[s.rnd.IntN(len(colours))]
			s.rect(col, x, y-h, w, h)
			s.rect(fade(s.shade, 0.25), x+w*0.7, y-h, w*0.3, h)
			s.rect(fade(s.shade, 0.5), x, y-h+9, w, 3)
			x += w + 1.5
		}
		s.rect(mix(wood, s.body, 0.18), 8, y, 464, 9)
	}
	s.circle(fade(s.light, 0.18), 372, 210, 96)
	s.circle(fade(s.light, 0.2), 372, 210, 60)
	s.polygon(s.light, point{350, 190}, point{394, 190}, point{410, 226}, point{334, 226})
	s.line(s.shade, 5, point{372, 226}, point{372, 284})
	s.ellipse(s.shade, 372, 286, 30, 6)
}

func garden(s *sketch) {
	s.hills()
	soil := mix(rgb(0x7a5230), s.shade, 0.2)
	s.gradient(horizon, pictureHeight, mix(s.near, rgb(0x7fb069), 0.5), mix(soil, s.near, 0.2))
	for row := range 4 {
		y := 222 + float64(row)*26
		s.ellipse(soil, 210, y+6, 250, 8)
		for i := range 14 {
			x := 8 + float64(i)*32 + float64(row%2)*14
			size := 7 + float64(row)*2.2
			green := mix(rgb(0x5c9e4a), s.shade, 0.1+0.1*float64(i%3))
			s.polygon(green, curve(point{x, y + 4}, point{x - size*1.4, y - size}, point{x - size*0.2, y - size*1.6})...)
			s.polygon(green, curve(point{x, y + 4}, point{x + size*1.4, y - size}, point{x + size*0.2, y - size*1.6})...)
			if (i+row)%3 == 0 {
				s.circle(s.roof, x, y-size*1.2, size*0.45)
			}
		}
	}
	s.house(382, 232, 62, 42, mix(s.roof, s.body, 0.4))
	s.line(s.shade, 2, point{120, 220}, point{120, 170})
	s.polygon(s.light, point{120, 170}, point{146, 177}, point{120, 184})
}

func ship(s *sketch) {
	s.hills()
	s.sea()
	wood := mix(rgb(0x5a3824), s.shade, 0.35)
	for i, x := range []float64{160, 236, 306} {
		height := []float64{128, 150, 118}[i]
		s.line(wood, 4, point{x, 226}, point{x, 226 - height})
		for tier := range 3 {
			top := 226 - height + 10 + float64(tier)*height*0.27
			low := top + height*0.23
			wide := 22 + float64(tier)*8
			sail := append(curve(point{x - wide, top}, point{x, top + 5}, point{x + wide, top}),
				curve(point{x + wide + 4, low}, point{x + 6, low - 9}, point{x - wide - 2, low})...)
			s.polygon(mix(s.body, s.light, 0.15*float64(tier)), sail...)
		}
		s.polygon(s.roof, point{x, 226 - height}, point{x + 18, 221 - height}, point{x, 216 - height})
	}
	s.polygon(s.body, point{316, 140}, point{376, 206}, point{322, 204})
	s.line(wood, 3, point{350, 218}, point{398, 194})
	s.polygon(wood, append(curve(point{104, 208}, point{130, 226}, point{180, 224}), point{340, 224}, point{366, 212}, point{342, 258}, point{130, 258})...)
	s.rect(s.light, 128, 232, 214, 4)
	for i := range 8 {
		s.rect(s.shade, 146+float64(i)*24, 240, 8, 6)
	}
	s.swell(250, mix(s.seaTop, s.seaLow, 0.5))
	s.swell(274, s.seaLow)
}
