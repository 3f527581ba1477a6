package summarize

// backward lists words that point at what came before.
type backward struct {
	sentence string // beginning a sentence, at the sentence before
	person   string // beginning a sentence, at a person
	timed    string // words before which some of these are harmless: this week
	pointing string // anywhere, at a thing named before: these boats
	adding   string // near the beginning, at a sentence that this one adds to: also
	article  string // before a noun that is known
	telling  string // words that, after such a noun, tell which one is meant
	unique   string // nouns that need no telling, because there is only one
}

// backwards holds the lists by language; a language without one is not judged.
var backwards = map[string]backward{
	"en": {
		sentence: `it its this that these those such but however and or so yet nevertheless nonetheless moreover furthermore
			therefore thus hence instead otherwise meanwhile then also besides additionally consequently similarly likewise
			still both neither either afterwards afterward later earlier elsewhere conversely accordingly another others which
			because nor too plus indeed though finally`,
		person: `he she they him her his hers them their theirs himself herself themselves`,
		timed: `week weeks weekend month year years morning afternoon evening night summer winter spring autumn fall season
			monday tuesday wednesday thursday friday saturday sunday who today far in on`,
		pointing: `this these such`,
		adding:   `also another too`,
		article:  `the`,
		telling:  `of who whose which that in behind at from for on between accused charged by to where when with`,
		unique: `government world country internet public weekend week year season end start time way police president city state
			economy market league table road air sea sun sky morning afternoon evening night day month summer winter spring autumn
			future past present media press law army military war nation age fact chance opportunity ability power need use risk lack
			rest heart wake right left top bottom middle centre center first second third fourth next last latest only same most best
			worst biggest largest highest lowest oldest youngest number north south east west`,
	},
	"de": {
		sentence: `es dies diese dieser dieses diesen diesem das aber doch jedoch dennoch trotzdem außerdem zudem daher deshalb
			deswegen darum somit damit dabei dafür dagegen daran darauf daraufhin danach davor dort dann denn und oder
			sondern auch ebenso stattdessen allerdings indes zugleich beide später solche dazu davon hinzu demnach`,
		person:   `er sie ihn ihm ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner`,
		timed:    `woche monat jahr sommer winter morgen abend tag`,
		pointing: `dieser diese dieses diesem diesen`,
		adding:   `auch ebenfalls zudem außerdem weitere weiterer weiteres`,
	},
	"fr": {
		sentence: `ce cet cette ces cela ça celui celle ceux celles mais et ou donc or car cependant toutefois pourtant
			néanmoins ainsi alors puis ensuite aussi enfin également là y en c`,
		person:   `il elle ils elles son sa ses leur leurs lui`,
		timed:    `semaine mois année matin soir été hiver nuit`,
		pointing: `cet cette ces`,
		adding:   `aussi également autre`,
	},
	"es": {
		sentence: `este esta estos estas esto ese esa esos esas eso aquel aquella pero sin y o además también entonces luego así
			ahí allí ambos tampoco asimismo`,
		person:   `él ella ellos ellas su sus`,
		timed:    `semana mes año mañana tarde noche verano lunes martes miércoles jueves viernes sábado domingo`,
		pointing: `este esta estos estas ese esa esos esas`,
		adding:   `también además otro otra`,
	},
	"it": {
		sentence: `questo questa questi queste quello quella quelli ma però tuttavia e o quindi dunque inoltre anche poi così
			allora infatti entrambi lì`,
		person:   `egli lui lei essi loro suo sua suoi sue`,
		timed:    `settimana mese anno mattina sera notte estate`,
		pointing: `questo questa questi queste`,
		adding:   `anche inoltre altro altra`,
	},
	"pt": {
		sentence: `este esta estes estas isto esse essa esses essas isso aquele aquela mas porém contudo e ou então também além
			assim depois ambos ali lá`,
		person:   `ele ela eles elas seu sua seus suas`,
		timed:    `semana mês ano manhã tarde noite segunda terça quarta quinta sexta sábado domingo`,
		pointing: `este esta estes estas esse essa esses essas deste desta desse dessa neste nesta nesse nessa`,
		adding:   `também além outro outra`,
	},
	"nl": {
		sentence: `het dit dat deze die maar echter toch en of dus daarom daardoor daarna daarbij daarnaast bovendien ook toen
			dan daar er beide`,
		person:   `hij zij ze hem haar hun zijn`,
		timed:    `week maand jaar ochtend avond nacht zomer`,
		pointing: `deze`,
		adding:   `ook eveneens`,
	},
	"ru": {
		sentence: `оно этот эта это эти такой такая такое такие но однако а и или также поэтому тем при затем потом там тогда
			кроме`,
		person:   `он она они его её ее их ему ей им`,
		timed:    `неделе году месяце день утро вечер`,
		pointing: `этот эта эти этого этой этих этом этому`,
		adding:   `также тоже`,
	},
}

// backSets holds the lists of one language, ready to be asked.
type backSets struct{ sentence, person, timed map[string]bool }

// phrases are beginnings of several words that continue an English text.
var phrases = []string{
	"as a result", "in addition", "for example", "for instance", "at the time", "on the other hand", "after that", "in contrast",
	"by then", "because of", "in response", "at that", "in that", "in this", "the same", "the latter", "the two", "the three", "the pair",
	"the trio", "the duo", "the couple", "the move", "the incident", "the decision", "the claims", "the claim", "the news", "the comments",
	"the remarks", "the allegations", "the findings", "the results", "even so", "of these", "of those", "one of them", "among them",
	"to that end", "to this end", "in turn", "at this", "for this", "for that", "from there", "with that", "with this", "on this", "on that",
	"not to be outdone", "in it", "to it", "of it", "for it", "with it", "after it", "before it", "now that", "alas both",
	"in fact", "of course", "after all", "to be sure", "that said", "for one", "for his part", "for her part", "for its part", "for their part",
	"closer to home", "next up", "among the", "amongst the", "the most recent example", "the best example", "the worst of", "at least one of them",
	"the most recent", "not so", "and so", "in other words", "put another way", "to make matters worse", "on top of that", "instead of that", "even then", "even now",
	"either way", "as for", "back then", "for now", "so far", "for that reason", "for this reason",
	"after this", "since then", "until then", "all of this", "all of these", "all this", "all that", "part of that", "as such", "not only that",
}

// nouns that, after "The", stand for somebody or something already named.
var nouns = wordSet(`company firm group agency man woman boy girl teenager teen student victim suspect driver officer officers actor
	actress singer star player striker defender midfielder footballer mother father parents family child children baby brothers
	sisters politician lawmaker senator businessman businesswoman organisation organization club team side airline bank retailer
	institution school hospital charity building plane aircraft vehicle car ship boat dog animal creature device app song film movie
	book show programme program documentary video clip footage picture image images photograph pictures photos report study
	document letter email statement bill law measure plan scheme project site area town village city country island vessel
	blaze fire crash accident attack shooting explosion blast storm earthquake tragedy case trial hearing verdict ruling lawsuit
	winger forward goalkeeper keeper captain skipper coach manager boss defendant accused teacher doctor nurse judge soldier
	spaniard frenchman dutchman englishman scotsman irishman welshman scot swede dane turk pole finn brit briton
	rocker rapper musician comedian comic presenter host author writer novelist director producer filmmaker designer chef model celebrity
	socialite billionaire millionaire tycoon entrepreneur executive veteran pensioner grandmother grandfather widow husband wife son
	daughter boyfriend girlfriend twins siblings newlyweds youngster toddler infant schoolgirl schoolboy gunman attacker killer thief
	burglar robber fugitive inmate prisoner hostage hostages attackers gunmen hackers hacker duke duchess prince princess king queen
	hosts visitors champion champions outfit squad store shop restaurant hotel pub network channel newspaper magazine website blog startup chain
	brand maker manufacturer carrier giant charity panel tribunal court jury lawyers complaint survey poll research researchers scientists
	feature tool software phone handset smartphone gadget console tagline slogan poster advert ad warning threat rumours rumors
	extremist extremists militant militants insurgents rebels protesters demonstrators informant witness witnesses victims suspects patient patients
	complaint offence crime murder killing theft robbery raid operation search investigation inquiry probe event ceremony
	match game contest fight race tournament victory defeat win goal deal agreement contract offer announcement revelation`)

// expletives follow an "it" that stands for nothing: it is unclear who …
var expletives = wordSet(`unclear clear believed thought understood expected estimated possible likely unlikely known hoped
	reported alleged unknown important hard difficult easy time remains emerged emerges turns turned seems appears transpired`)

// many holds the English pronouns for several, whose the one for what they have,
// groups some nouns without a plural's s.
var (
	many   = wordSet(`they them`)
	whose  = wordSet(`their`)
	groups = wordSet(`people police men women children staff crew team side family couple pair duo trio group band public party government
		company council club army military crowd audience everyone everybody anyone anybody someone nobody who whoever media none cattle
		some many most few several both two three four five six seven eight nine ten hundreds thousands millions dozens majority more`)
)
