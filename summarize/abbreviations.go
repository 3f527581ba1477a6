package summarize

import "strings"

// abbreviation says what a full stop after a word may mean.
type abbreviation uint8

const (
	// noAbbreviation: the stop ends the sentence.
	noAbbreviation abbreviation = iota
	// always: what follows belongs to the same sentence (Dr., bzw.).
	always
	// beforeNumber: as always when a number follows (No. 5, p. 55), else as usually.
	beforeNumber
	// usually: the sentence ends only if a word that begins sentences follows (Inc., etc.).
	usually
)

// Abbreviations are kept without their last stop, in lower case, by what they
// mean; "" holds those that are read alike everywhere.
var abbreviations = map[string]map[string]abbreviation{
	"": abbreviationTable(
		`dr prof st mr mrs ms mme mlle jr sr vs cf ca e.g i.e viz`,
		`no nr n° p pp vol fig art ch sec abs`,
		`inc ltd co corp etc al approx ph.d b.a m.a m.d b.sc`),
	"en": abbreviationTable(
		`messrs gen gov sen rep reps sens rev hon capt col lt sgt maj cmdr adm cpl pvt pres supt det insp fr
		mt ft dept univ assn bros esq gov atty msgr drs profs lieut brig ald cllr rt.hon maj.gen lt.col lt.gen
		jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues thu thur thurs fri
		ala ariz ark calif colo conn del fla ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa penn
		tenn tex va vt wash wis wyo ont que ave blvd rd`,
		`nos pg para chap eq ed eds`,
		`est u.s u.k u.n e.u u.s.a u.a.e d.c a.m p.m b.c a.d l.a n.y n.j s.c n.c hwy ext bldg pty plc llc
		mfg mgr dist op rev. ad min max sq dep med`),
	"de": abbreviationTable(
		`hr fr frl dipl ing bzw ggf ggfs sog vgl inkl exkl einschl evtl event bes dgl geb gest bspw med zzgl
		z.b z.t u.a d.h i.d.r i.a i.v v.a u.u o.ä s.o s.u m.e z.zt a.d zb ua dh str ev kath bayr nördl südl westl östl
		jan feb mär apr jun jul aug sep sept okt nov dez mo di mi do sa so rd mind max min ehem verh präs
		stellv vors hrsg hg anm tel`,
		`bd aufl kap ziff nrn abschn s tsd`,
		`usw uvm u.v.m etc mio mrd g.m.b.h e.v a.g`),
	"fr": abbreviationTable(
		`m mm mgr me mes pr dr chap env ex hab janv févr avr juil sept oct nov déc av bd boul tél resp`,
		`n° nos pp vol éd tom`,
		`etc cie s.a ets apr j.-c`),
	"es": abbreviationTable(
		`sr sra sres sras srta d dña dr dra lic ing arq gral cnel cap tte prof profa mons fr sto sta av avda c
		pza ed ej p.ej ee uu párrf ago ee.uu aa.vv ff.aa dpto admón tel excmo excma ilmo ilma ud uds vd vds`,
		`núm núms pág págs cap vol nº art arts t`,
		`etc s.a s.l ee.uu a.c d.c a.m p.m`),
	"it": abbreviationTable(
		`sig sig.ra sigg dott dott.ssa avv ing arch geom rag prof prof.ssa on sen gen col cap mons don
		es p.es ecc.mo cfr ca c.a v.le p.za c.so tel fig ssa egr spett gent
		gen feb mar apr mag giu lug ago set sett ott nov dic a.c d.c`,
		`n nn pag pagg vol cap art artt sez`,
		`ecc etc s.p.a s.r.l`),
	"pt": abbreviationTable(
		`sr sra srs sras dr dra drs prof profa eng gen cel cap ten sto sta av r pç exmo exma v.exa p.ex d
		tel jan fev mar abr mai jun jul ago set out nov dez`,
		`n nº pág págs vol cap art arts`,
		`etc ltda cia s.a a.c d.c`),
	"nl": abbreviationTable(
		`dhr mevr mw mej ir ing drs mr dr prof ds gen kol kapt bv bijv bv. d.w.z m.a.w o.a t.a.v i.p.v m.b.t
		n.a.v t.o.v vgl resp ca incl excl jl ev zgn tel jan feb mrt apr aug sept okt nov dec`,
		`nr blz art`,
		`enz etc b.v n.v`),
	"ru": abbreviationTable(
		`г гг ул пр просп пл пер наб д кв корп стр им проф акад доц ген полк подп кап лейт св т.е т.к т.н
		т.о т.п напр см ср тел янв февр апр авг сент окт нояб дек обл респ р пос дер с тыс млн млрд трлн
		руб коп долл чел экз о. г-н г-жа кв.м куб.м и.о`,
		`ст гл рис табл т п пп № илл`,
		`др пр т.д т.п н.э в вв м км кг см`),
	"da": abbreviationTable(
		`hr fr frk skt bl.a d.v.s f.eks m.m mht ca jf pga ift inkl ekskl evt fx o.a osv. sml tlf vedr dvs bla
		adm adr alm ang ank bd dir dr eftf egtl eks etg ex feat fhv forb foreg forr forsk fvt f gld gl gr gn
		hhv hj ib iflg jan feb mar apr jun jul aug sept okt nov dec kap kbh kgl kl kr lok max md mdr mf mfl
		mio mia min mrk mv nb ndr nuv obs opg opr ovf pba pct pk pkt prof pt red ref reg rep resp sek skr spec
		spm stk str sv tdl tekn temp tilh tilsv tlgr udg uds univ vol årg årh`,
		`nr s side`,
		`osv etc mv m.v a/s`),
	"pl": abbreviationTable(
		`p dr prof mgr inż hab ks gen płk kpt por tzn tzw np m.in ok św ul al pl os red im woj pow ww ur zm`,
		`nr s str t art ust poz`,
		`itd itp r w godz proc tys mln mld zł`),
}

// abbreviationTable reads three lists of words: always, beforeNumber, usually.
func abbreviationTable(alwaysWords, numberWords, usualWords string) map[string]abbreviation {
	table := map[string]abbreviation{}
	for kind, words := range map[abbreviation]string{always: alwaysWords, beforeNumber: numberWords, usually: usualWords} {
		for w := range strings.FieldsSeq(words) {
			table[w] = max(table[w], kind)
		}
	}
	return table
}

// starters are words that begin sentences and hardly a name: after "Inc." or
// "p.m." a capital alone decides nothing.
var starters = map[string]map[string]bool{
	"en": wordSet(`the a an in on at it he she they we i you but and this that these those his her its their our my as for
		if when while after before since however there what who where how why no not one some many most by with from to
		so then now also both each all another such did does is are was were will would can could do has have had let
		according despite although meanwhile still yet earlier later last next two three police officials`),
	"de": wordSet(`der die das ein eine einer eines dem den er sie es wir ich ihr und aber doch in im am an auf bei mit nach
		vor für von zu wenn als da dann dort hier jetzt auch nicht nun so was wer wie wo warum dies diese dieser dieses
		sein seine seinen ihre ihren man kein keine damit dabei dafür danach seit trotz wegen während`),
	"fr": wordSet(`le la les un une des il elle ils elles on nous vous je ce cette ces cet et mais en au aux dans sur pour par
		avec selon depuis après avant si quand comme son sa ses leur leurs qui que quoi où`),
	"es": wordSet(`el la los las un una unos unas él ella ellos y pero en al con por para según desde si cuando como su sus
		este esta estos estas ese esa lo le se no qué quién dónde también`),
	"it": wordSet(`il lo la i gli le un uno una egli lui lei loro e ma in nel nella al alla con per secondo da se quando come
		suo sua questo questa non che chi dove`),
	"pt": wordSet(`o a os as um uma ele ela eles elas e mas em no na nos nas ao com por para segundo desde se quando como seu
		sua este esta isso não que quem onde`),
	"nl": wordSet(`de het een hij zij ze wij we ik en maar in op bij met na voor van als toen dan daar hier nu ook niet dit dat
		deze die zijn haar hun`),
	"ru": wordSet(`он она оно они мы вы я и но а в во на по с со к из за для от до при как если когда что кто где это этот эта
		его её их не так также после`),
	"da": wordSet(`den det de en et han hun vi jeg og men i på til med for fra af efter før som hvis når da der her nu også
		ikke dette denne disse hans hendes hvad hvem hvor`),
}

// wordSet reads a white-space separated list.
func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}
