"""The rules by which boilerplate is told: patterns of whole lines, and of what stands inside paragraphs.

Each was written from lines of news that were read; `benchmarks/README.md` says how right they are.
"""

# ruff: noqa: E501 - a pattern is easier to read on one line

from __future__ import annotations

import re
from typing import Final

_AGENCY: Final = (
    r"(?:AP|A\.P\.|Reuters|REUTERS|AFP|dpa|DPA|Kyodo(?: News)?|Yonhap|Xinhua|ANI|PTI|UPI|TASS|EFE|ANSA|IANS|CNN|BBC|NBC|"
    r"Bloomberg|Interfax|Anadolu|AAP|PA|PA Media|CP|The Canadian Press|CNS|JTA|RFE/RL|VOA|The Associated Press)"
)
_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY: Final = rf"(?:(?i:{_MONTH}) \d{{1,2}}|\d{{1,2}} (?i:{_MONTH}))(?:,? \d{{4}})?"
_DASH: Final = r"(?:—|–|--|-|―)"
_CITY: Final = r"[A-Z][\w.’'-]*(?: (?:[A-Z][\w.’'-]*|d[eu]|l[ae]|of)){0,3}"
_PLACE: Final = rf"{_CITY}(?:(?:,| ?/|-) ?{_CITY}){{0,3}}"
_CAPITALS: Final = r"[A-Z][A-Z.’'/ -]{2,30}(?:, (?:[A-Z][A-Za-z.]+ ?){1,3})?"

DATELINES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_PLACE}(?:,? {_DAY})?,? ?)?\({_AGENCY}(?:[/ ][\w ./]{{1,30}})?\) ?(?:{_DASH}{{1,2}}|:)\s",
        rf"{_CAPITALS}(?:,? {_DAY})?,? ?(?:\([A-Z][^()\n]{{1,30}}\))? ?{_DASH}\s+(?=[\w“\"'‘$])(?!(?i:{_MONTH}) \d)(?![^.\n]* {_DASH}{{1,2}} )",
        rf"{_CAPITALS} {_DASH} {_DAY}: ",
        rf"(?!(?:On|In|By|Since|Until|Before|After)\b){_PLACE},? {_DAY},? ?(?:\([A-Z][^()\n]{{1,30}}\))? ?{_DASH}{{1,2}}\s",
        rf"{_CITY}(?:/{_CITY})+(?:,? {_DAY})?(?: ?\([^()\n]{{1,30}}\))?(?::| ?{_DASH}{{1,2}})\s",
    )
)

_CREDITED: Final = (
    r"(?:AP(?: Photo)?|Reuters|REUTERS|AFP|Getty(?: Images)?|EPA|Bloomberg|Shutterstock|iStock|UPI|Zuma|ZUMA|Pixabay|"
    r"Associated Press|Rex|Alamy|Corbis|MAXPPP)"
)
_SHOT: Final = r"(?:Photo(?:graph|s|graphs|graphy)?|Image|Picture|Illustration|Screen ?(?:shot|grab)|Graphic|Video|Courtesy|Credit)"
INSIDE: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\s*\((?i:(?:AP |Reuters |AFP |file |handout |staff )?{_SHOT})\b(?:[ :/-]| by | credit| courtesy)[^()\n]{{0,120}}\)",
        rf"\s*[(\[](?:[^()\[\]\n]{{2,60}}(?:/| via | for ))?{_CREDITED}(?:/| via | for |, )[^()\[\]\n]{{2,80}}[)\]]",
        rf"\s*[(\[][^()\[\]\n]{{2,60}}(?:/| via | for ){_CREDITED}[)\]]",
        rf"\s*\({_CREDITED}(?:, File)?\)\s*$",
        rf"(?:^|(?<=[.!?”\")]) *){_SHOT}(?: (?:by|[Cc]redits?|courtesy(?: of)?))?: ?[^.:\n]{{2,80}}\.?$",
        r"\s*\b(?:REUTERS|AP Photo|Reuters|AFP|EPA)/[A-Z][^.\n]{1,80}$",
        rf"\s*(?<![\w/])(?:[A-Z][\w.’'-]+ ){{1,3}}[A-Z][\w.’'-]+/{_CREDITED}[^.\n]{{0,40}}$",
        rf"\s*\| ?{_CREDITED}\b[^.\n]{{0,120}}$",  # perhaps with the headline behind it
        r"\s*[(\[] ?(?:READ|RELATED|ALSO|SEE|PHOTOS?|VIDEO|WATCH|MORE|CLICK|LISTEN)\b[^()\[\]\n]{3,150}[)\]]",
        r"\s*[(\[] ?(?i:also on|see also|related|read (?:more|also|next))(?: [A-Z][\w.]*){0,3} ?: [^()\[\]\n]{3,150}[)\]]",
        r"^CLOSE (?=[A-Z])",
        r"^FILE(?: PHOTO)?(?: ?[-–—:] |: )",
        r"^Enlarge this image(?: toggle caption)? ?",
        r"^(?:Image copyright .{1,60}? )?Image caption (?=[A-Z\d“\"‘'(])",
        r"^(?:Show caption )?Hide caption (?=[A-Z\d“\"‘'])",
        r"^(?:(?:Facebook|Twitter|Pinterest|WhatsApp|Email|LinkedIn) ){2,}(?=[A-Z\d“\"‘'])",
        r"^Story [Hh]ighlights (?=\S)",
    )
)
TAGS: Final = re.compile(
    r"\b(?P<last>[A-Z][\w’'-]+) (?P<tag>(?:(?:[A-Z][\w.’'-]*|\([A-Z][\w.]+\)) ){1,6}?(?P=last)(?=[A-Z‘'“\d])"
    r"(?:[^\n]{0,900}?MORE\b ?)?)"
)
"""The tags of a page run into the sentence: "President Trump Donald John TrumpSenators balk … MORE said"."""

_NOBODY_SAYS: Final = r"(?!.{0,300}, [^.\n]{2,60} (?:told|tells|warned|warns|urged|urges|said|says)\b|.{0,200}\b(?:told|urged|warned|tells) )"
"""Not a line such as "Join us or leave, the rebels told the mayor"."""
_NO_HEADLINE: Final = (
    r"(?![^:\n]{3,80}: (?:how|why|what|who|where|when|inside)\b)"
    r"(?!\W*(?:sign up|subscribe|register|log ?in|donate|join (?:us|now))\W+or\b"
    r"(?! (?:to )?(?:log|sign|register|subscribe|donate|create|click|call|visit|become)\b))"
)
"""Not a headline such as "Subscribe or leave" or "Register now: why nobody does"."""

_LINK: Final = (
    r"READ(?: ALSO| NEXT| IT| HERE)?|SEE|ALSO(?: READ| SEE| ON)?|WATCH(?: NOW| LIVE| IT)?|LISTEN|PHOTOS?|PICTURES|VIDEOS?|"
    r"GALLERY|SLIDESHOW|MORE|SPECIAL COVERAGE|FULL COVERAGE|COMPLETE COVERAGE|RELATED|OPINION|ANALYSIS|INTERACTIVE|GRAPHIC|"
    r"LIVE(?: UPDATES| BLOG)?|PODCAST|RECOMMENDED|DON['’]T MISS|FROM THE ARCHIVES?|IN PICTURES|JUST WATCHED"
)
LINES: Final = tuple(
    re.compile(pattern, flags)
    for flags, pattern in (
        (0, rf"[^\w“\"‘']*(?:{_LINK}) ?(?:[:|>»]|[-–—] )(?! ?[“\"‘']?[a-z])"),
        (0, r"[^\w“\"‘']*(?:Related|More|Also|Full [Cc]overage|Watch|See also|See more|Read next|Recommended|You may also like) ?[:|>»]"),
        (0, r"(?:ANALYSIS|OPINION|COMMENTARY|EDITORIAL|EXCLUSIVE|BREAKING(?: NEWS)?|UPDATED?|AD|CLOSE)(?:/[A-Z]+)?:?$"),
        (0, r"(?:Photos?|Videos?|Images?|Gallery|Advertisement|Sponsored|Promoted|YouTube|Twitter|Facebook|Opinion)$"),
        (0, r"(?:Staff |Special )?(?:By|BY) (?:@?[A-Z(][\w.’'@)-]*,? ?(?:(?:and|of|for|in|the) )?){2,12}(?:, [\w .’']{2,40}|\( ?@.*)?$"),
        (0, r"[A-Z][^.:;?!\n“\"]{2,60}:(?=[A-Z“\"‘'])[^\n]{8,160}[^.!?:;,\s]$"),
        (0, r"\W*[^?!\n]{2,300}\b[Cc]ontribut(?:ed|ing) (?:to (?:this|the) (?:report|story|article|piece|column|post)\b|(?:additional )?(?:reporting|research)\b)(?:[^.\n]{0,60}\.?|, which (?:was|has been) (?:last )?updated\b[^\n]{0,40})$"),
        (0, r"(?:[A-Z][\w.’'-]+,? (?:and )?){2,8}contributed(?: from [A-Z][^.\n]{2,60})?\.?$"),
        (0, r"\W*Contribut(?:ing|ors?): "),
        (re.I, r"\W*(?:advertise?ment|sponsored content|promoted stories|supported by|paid post)s?\W*(?:advertisement\W*)*$"),
        (re.I, r"advertisement continue reading"),
        (re.I, r"\W*(?:story|article|post) continue[sd]? (?:below|after)\b"),
        (re.I, r"\W*continue reading\b.{0,60}$"),
        (re.I, r"\W*(?:read|see|find|learn|get|view) (?:more|also|next)(?:$| ?[:|>»]|(?: (?:on|about|from|at|here|in)\b)[^.]{0,100}\.?$)"),
        (re.I, r"\W*related (?:articles?|stor(?:y|ies)|content|coverage|topics|posts?|news|links|reading)\b.{0,120}$"),
        (re.I, r"\W*(?:see|read) (?:also|more|the full (?:story|article|report))\b.{0,120}$"),
        (0, r"[^\n]{8,200}[^\s.!,;:…”\"] Read more(?: ?[>»›→…]|\.{3})?$"),
        (0, r"(?:Latest|Urgent|Special|Alert|Developing|Just [Ii]n):$"),
        (0, r"[^\n]{4,160}[?!.:] ?(?:Vote|Click|Subscribe|Register|Sign Up|Order|Shop|Get It|Donate|Watch|Read)(?: Here)? Now[.!]?$"),
        (0, r"(?:The )?(?:Associated Press|Reuters|AFP|Agence France-Presse|Bloomberg(?: News)?|United Press International|AP|USA TODAY)$"),
        (re.I, r"(?:editor|author|publisher|writer)['’]?s?['’]? notes?\W+this (?:article|story|post|report|piece|column|headline)\b.{0,300}$"),
        (re.I, r"(?:(?:this|an earlier version of this) (?:article|story|post|report|piece|column|headline) (?:has been|was) (?:amended|updated|corrected|edited|revised))\b.{0,300}$"),
        (0, r"(?:[Gg]o deeper|[Dd]ig deeper|[Ww]orth your time|[Kk]eep reading|[Uu]p next):(?: .{3,160}[^.]|)$"),
        (re.I, r"(?:read|see|watch|view|listen to) the (?:full |entire |whole )?(?:resolution|letter|statement|report|document|memo|transcript|complaint|indictment|ruling|bill|text|speech|interview)(?: in full)?(?: here)?:$"),
        (0, r"Read: (?=[A-Z“‘\"'\d])[^\n]{6,140}[^.:;,]$"),
        (0, r"(?:OUR|OPPOSING|ANOTHER|YOUR) VIEWS?: ?(?=[A-Z“‘\"'])[^\n]{6,200}$"),
        (re.I, r"(?:follow @\w+\W*){1,6}$"),
        (re.I, r"(?:watch|listen to|tune in to|catch) .{3,120}\b(?:sundays?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|weekdays|weeknights|weekends)\b.{0,40}\d ?[ap]\.?m\b.{0,200}$"),
        (re.I, r"we (?:want|would like|['’]d like|d like) to hear (?:what you think|from you|your (?:thoughts|views|stories))\b.{0,300}$"),
        (re.I, r"(?:like|enjoy(?:ing|ed)?) (?:what you['’]re reading|this (?:story|article|piece|column)|reading this)\? ?:?.{0,200}$"),
        (re.I, r"\W*an? (?:daily|weekly) (?:summary|round-?up|digest|newsletter) of .{3,80}$"),
        (0, r"(?:(?:Opinion|Guest|Special) (?:[Cc]ontributor|[Cc]olumnist|[Ww]riter|[Cc]orrespondent)|Staff [Ww]riter|Contributing [Ww]riter|(?:Special to|For) (?:the |The )?[A-Z][\w’' ]{2,40})$"),
        (re.I, r"(?:flipboard|whatsapp|e-?mail|copy(?: link)?|reddit|linkedin|pinterest|messenger|telegram|print|share(?: this)?:?|tweet|(?:\d+ )?comments?)$"),
        (0, r"(?:With|From) (?:[A-Z][\w.]+ ){0,2}(?:Post |AP |Reuters |news |wire )?(?:[Ww]ires?|[Aa]gencies|[Ww]ire (?:services|reports)|[Nn]ews [Ss]ervices|Associated Press|AP|Reuters|AFP)\.?$"),
        (0, r"Related [Vv]ideos?\b.{0,300}$"),
        (re.I, r"(?:visit|go to|check out) (?:the )?[\w .]{2,40}['’]s? (?:home ?page|website|site) for (?:more|the latest)\b.{0,60}$"),
        (re.I, r"\d{1,2} (?:year|month|week|day|hour|minute|min)s? ago$"),
        (0, r"(?:Special (?:report|coverage)|Special Report|Trend|Photos|Live updates): ?(?=[A-Z“\"‘'])[^\n]{4,140}[^.!?:;,\s]$"),
        (re.I, r"want (?:more )?(?:news|stories|updates|alerts|more)\b[^?\n]{0,80}\? (?:click|sign|subscribe|text|download|follow|join|get)\b.{0,160}$"),
        (0, r"[A-Z][\w.’'-]+ (?:reports?|reported|writes) for (?:the )?[A-Z][^\n]{2,80}(?:; |\. Contributing: )[^\n]{2,300}$"),
        (re.I, r".{0,500}\bopinions expressed in this (?:commentary|article|column|piece|essay|op-ed) are (?:\w+ )?(?:his|hers|her|their|theirs|those|solely|my|mine)\b"),
        (re.I, r"\W*(?:click|tap) (?:here|to|on|below)\b.{0,160}$"),
        (re.I, rf"{_NOBODY_SAYS}{_NO_HEADLINE}\W*(?:sign(?:ing)? up|subscribe|register|log ?in|donate|join (?:us|now|our|the (?:conversation|discussion))|download (?:the|our))\b.{{0,400}}$"),
        (re.I, r".{0,400}\b(?:by signing up,? you|sign up by signing|(?:delivered|sent|straight|right)(?: \w+){0,3} to your inbox|in your inbox)\b"),
        (re.I, r".{0,200}\b(?:already a subscriber|not a subscriber|subscribers only|for subscribers|to continue reading|subscribe to (?:read|continue)|free articles? (?:left|remaining))\b"),
        (0, r"\W*Follow (?:us|me|him|her|them|@\w+|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+)*|the [A-Z]\w+)(?: (?:on|at|via)\b.{0,120}|,? ?@.{0,60}|)$"),
        (re.I, r"\W*(?:like|find|join|follow|friend) (?:us|him|her|them|me|@\w+)\b.{0,40}\b(?:on|at) (?:twitter|facebook|instagram|youtube|linkedin|telegram|whatsapp|x)\b.{0,120}$"),
        (re.I, r"\W*(?:(?:share|tweet|email|e-mail|print|pin|pin it|facebook|twitter|whatsapp|linkedin|reddit|pinterest|flipboard|comments?|copy link|save|more|\d+)\W+)+(?:share|tweet|email|e-mail|print|pin|facebook|twitter|whatsapp|linkedin|reddit|pinterest|comments?|copy link|save)?$"),
        (re.I, rf"{_NOBODY_SAYS}\W*(?:read or )?share (?:this|on|via|all|your)\b.{{0,300}}$"),
        (re.I, r"(?:©|\(c\)(?= ?(?:\d{4}|copyright))|copyright\b)(?! (?:law|act|rule|infring|claim|protect|holder|owner|case|suit|office|reform|bill|term|viol|dispute|lawsuit|and|is|was|has|in|on)).{0,240}$"),
        (re.I, r".{0,200}\ball rights reserved\b(?! (?:for|to|by) )"),
        (re.I, r".{0,80}\bmay not be (?:published|reproduced)\b.{0,80}\b(?:broadcast|rewritten|redistributed|permission)\b"),
        (re.I, r"\W*(?:slideshow|gallery|photos?) ?\(\d+ (?:images?|photos?|pictures)\)$"),
        (re.I, r"(?:next|prev(?:ious)?) image\b|\W*pullquote\W*$|more on this\W*$|click here\b"),
        (re.I, r"\(?(?:additional )?(?:reporting|writing|editing|research|graphics?|translation|production) (?:by|and (?:writing|editing) by) (?!.*\b(?:that|shows?|found|finds|suggests?|says?|said)\b)[^.]{2,160}"),
        (re.I, r"(?:the )?(?:associated press|reuters|afp|agence france-presse|ap|[a-z ]{2,30} (?:staff|wire)(?: reports?| services?)?)(?:,? (?:and|the) [a-z ]{2,40})? contributed\b"),
        (re.I, r"\W*this (?:report|article|story|post|piece|column) (?:contains|includes|is based|was (?:originally |first )?(?:published|produced|updated|corrected|written|translated)|has been (?:updated|corrected|amended|edited)|is (?:part of|for subscribers|more than)|originally|first appeared)\b.{0,240}$"),
        (re.I, r"[\W_]{0,4}(?:last |first |originally )?(?:updated|published|posted|modified)\b(?: on| at|:)?[^.]{0,50}\d[^.]{0,20}(?:[ap]\.?m\.?[^.–—-]{0,24})?\.?\)?$"),
        (re.I, r"\W*(?:tags?|topics?|keywords|categories|filed under|in this article|related tags|more topics|posted in)\s*[:|].{0,300}$"),
        (re.I, r".{0,120}\b(?:enable javascript|please refresh|browser does not support|verify you['’]re not a robot|javascript is disabled|cookies? (?:policy|settings))\b"),
        (re.I, r"\W*(?:(?:read|see|view|by \w+ing\b.{0,60}\bto) )?(?:our|the) privacy policy\b.{0,60}$|privacy policy\W*(?:\||and terms|terms|$)"),
        (re.I, r"the (?:opinions?|views?)(?: and \w+)? expressed\b.{0,240}$"),
        (re.I, r"\W*(?:send|got|have) (?:a |us )?(?:news )?tips?\b.{0,160}$"),
        (re.I, r"\W*watch (?:the |this |our )?(?:latest |full |entire )?(?:video|clip|interview|exchange)s?\b(?:.{0,60}| (?:at|on) \S+)$"),
        (0, r"(?:Watch|Read|See|Listen to|Browse)(?: (?:[A-Z][\w’'-]+|more|the|our|all|latest|other)){0,4} (?:[Vv]ideos?|[Pp]odcasts?|[Ss]tories|[Aa]rticles|[Cc]olumns|[Cc]overage):$"),
        (0, r"(?:Catch up|Listen|Tune in|Subscribe|Check out|Sign up|Get|Find|Watch|Read)\b(?!.{0,160}\b(?:said|says|told|he|she|they)\b)[^\n]{0,120}\b[Oo]ur (?:\w+ ){0,3}(?:podcasts?|newsletters?|app|channel|briefing)\b[^\n]{0,60}$"),
        (0, r"[^\n]{4,200} (?:Listen|Watch) · \d{1,2}:\d\d(?: \d{1,2}:\d\d)?$"),
        (0, r"\W*With assistance (?:by|from) (?=[A-Z])[^\n]{3,200}$"),
        (re.I, r"\W*this (?:\w+ )?(?:report|article|story|post|piece) was (?:last )?(?:updated|corrected|amended)\b.{0,120}$"),
        (0, r"\W{0,3}(?:Updated?|Corrected|Clarified) (?:for|to|with) (?:clarity|accuracy|length|style|correct|reflect|include|add|clarify|more|new|additional|details|comments?)\b[^\n]{0,120}$"),
        (0, r"(?:(?:[Oo]riginally |[Ff]irst )?[Pp]ublished|Posted|Filed) (?:in|under|by|on):?$"),
        (0, rf"{_SHOT} (?:by|courtesy of|via) (?:[A-Z][\w.’'-]*[ ,/]*(?:(?:and|for|via|of|the) )?){{1,10}}$"),
        (0, r"Media playback is (?:un|not )supported on your device\b.{0,300}$"),
        (re.I, r"(?:play|watch) video \d{1,2}:\d\d(?::\d\d)? .{3,160}[^.]$"),
        (0, r"(?:Analysis|Commentary|Interview) by (?:[A-Z]{2,5} (?:[a-z]+ ){1,3})?[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,3}(?:, (?!.*\b(?:shows?|finds?|found|says?|said|suggests?)\b)[^.\n]{2,100})?$"),
        (0, r"Adapted from [^,.\n]{3,60}[’'](?:s )?(?:monologue|column|newsletter|podcast|speech|remarks|essay|lecture|commentary)\b(?!.*\b(?:is|was|are|were|has|had|said|tells?)\b).{0,120}$"),
        (re.I, r"interested in .{2,60}\? add .{2,80} as an interest"),
        (re.I, r"\W*(?:photo|image|picture|video|illustration)s?(?: credits?| by| courtesy)?\s?: ?.{2,120}$|\W*credit: .{2,120}$"),
        (re.I, r"image copyright .{1,60}$|enlarge this image(?: toggle caption)?(?: .{0,120})?$|toggle caption\b.{0,120}$"),
        (re.I, r"just watched .{0,300}\breplay\b|.{0,20}share all sharing options\b"),
        (re.I, r"(?:https?://|www\.|pic\.twitter\.com/)\S+$|poster=\S+$"),
        (re.I, r"(?:\W*(?:contact|email|e-mail|write to|reach|to contact)\b.{0,120})?\W*(?:\S+@\S+\.\w+|\[email protected\])\W*$"),
    )
)  # fmt: skip
ABOUT_AUTHOR: Final = re.compile(
    r"(?i)\b(?:follow (?:him|her|them|me),? ?(?:(?:on|at|via) (?:@|twitter|facebook|instagram|linkedin|x\b)|@)|(?:on|at) (?:twitter|facebook|x) ?(?:at|:)? ?@\w|can be reached (?:at|on)|\[email protected\]"
    r"|(?:is|are) (?:an? |the )?(?:[\w-]+ ){0,6}(?:reporter|columnist|correspondent|editor|contributor|fellow|writer|author|professor)s?"
    r"(?:-at-large)?\b.{0,160}\b(?:follow|twitter|his (?:new |latest )?book|her (?:new |latest )?book|syndicate|@\w+)\b)"
)
ABOUT_SOMEBODY: Final = re.compile(
    r"\W*(?P<name>(?:(?:[A-Z]|d[eu] |van |von )[\w.’'-]*[, ]+?){1,4}?[A-Z][\w’'-]+)(?:,? (?:an? |the |who )[^.;]{2,200}?,?)? "
    r"(?:is|are|was|writes|covers|reports|teaches|served|serves|has|works|hosts|runs|represents|directs|leads|edits)\b"
)
"""The beginning of a line that says who somebody is."""
GALLERY: Final = re.compile(r"(?s)(?:Photos: |Gallery: ).*\bHide [Cc]aption \d+ of \d+$")
"""A gallery run into one line, with the captions of all its pictures: another piece, of any length."""
LONGEST_LINE: Final = 700
HINTS: Final = (
    *(
        "contribut",
        "sign",
        "subscri",
        "inbox",
        "follow",
        "copyright",
        "©",
        "(c)",
        "reserved",
        "may not be",
        " more",
        "read",
    ),
    *(
        "click",
        "tap ",
        "share",
        "continue",
        " tip",
        "report",
        "writing",
        "editing",
        "opinion",
        "view",
        "watch",
        "interest",
        "analysis by",
        "listen",
        "assistance",
        "corrected",
        "clarified",
        "catch up",
        "tune in",
        "adapted from",
        " here now",
    ),
    *(
        "photo",
        "image",
        "picture",
        "caption",
        "playback",
        "video",
        "illustration",
        "http",
        "www.",
        "pic.tw",
        "@",
        "email",
        "contact",
    ),
    *("refresh", "robot", "browser", "cookie", "privacy", "tag", "topic", "updated", "published", "posted", "advertis"),
    *(
        "register",
        "donate",
        "join",
        "download",
        "like us",
        "find us",
        "login",
        "article",
        "related",
        "coverage",
        "credit",
    ),
)
"""One of these is in every long line that a rule knows, or a colon near its beginning."""
MAY_HAVE: Final = re.compile(r"[(\[|/]|:|^CLOSE |^FILE|^Enlarge|^Image|^Story|^Show|^Hide|^Facebook|^Twitter")
