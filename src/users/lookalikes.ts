/**
 * Letters of other scripts that look like one of ASCII's, each in lower case before the letter that it looks like itself or,
 * where it doesn't, as a capital. From Unicode's confusables (UTS #39, version 10), without those by which two letters of
 * one script would become one: of Cyrillic `һ` is `h` and so `н` is not, of Greek `ν` is `v` and `υ` is `u`.
 */
const LOOKALIKES = {
  latin: 'ɑa ᴄc ꬲe ɡg ɩi ᴏo ꜱs ᴜu ᴠv ᴡw ʏy ᴢz',
  cyrillic: 'аa вb сc ԁd еe һh іi јj кk ӏl мm оo рp ԛq ѕs тt ѵv ԝw хx уy',
  greek: 'αa βb εe ηh ιi ϳj κk μm οo ρp τt υu νv χx γy ζz',
  armenian: 'ցg հh ոn օo զq սu',
  cherokee: 'ꭺa ᏼb ꮯc ꮷd ꭼe ꮐg ꮋh ꭵi ꭻj ꮶk ꮮl ꮇm ꮲp ꭱr ꮪs ꭲt ꮩv ꮃw ꭹy ꮓz'
}

const LETTERS = new Map(
  Object.values(LOOKALIKES)
    .flatMap((pairs) => pairs.split(' '))
    .map((pair): [string, string] => {
      const [from = '', to = ''] = pair
      return [from, to]
    })
)

/** A decomposed text in lower case with ASCII's letters in the place of those that look like them. */
export function foldLookalikes(text: string): string {
  let folded = ''
  for (const character of text) folded += LETTERS.get(character) ?? character
  return folded
}
