import type { Member, Members } from '../harness/members.ts'
import type { SmallDisk } from '../harness/small-disk.ts'
import type { Upload } from '../harness/uploads.ts'

const PAGE = 4096
/** What a log's page takes besides. */
const FRAME = PAGE + 24

/** What there is at a stage. */
export interface Place {
  /** The database's. */
  data: SmallDisk
  /** The pictures'; the same where there is one for both. */
  media: SmallDisk
  members: Members
  /** Whose writes meet the full disk. */
  someone: Member
  /** Large enough for several blocks, and how many bytes its form has. */
  upload: Upload
  uploadBytes: number
}

/** When a disk gets full, and what is asked first then. */
export interface Stage {
  name: string
  fill(place: Place): void
  act(place: Place): Promise<unknown>
}

const ofDatabase = (name: string, leaveBytes: number, act: Stage['act']): Stage => ({
  name,
  fill: ({ data }) => data.fill(leaveBytes),
  act
})

const ofPictures = (name: string, leaveBytes: (uploadBytes: number) => number): Stage => ({
  name,
  fill: ({ media, uploadBytes }) => media.fill(leaveBytes(uploadBytes)),
  act: ({ members, someone, upload }) => members.upload(someone, upload)
})

const rename = ({ members, someone }: Place) => members.rename(someone)

/** Writes of all kinds at once, in one transaction or two. */
const atOnce = ({ members, upload }: Place) => {
  const [one, two, ...others] = members.present()
  return Promise.all([
    members.signUp(),
    one && members.upload(one, upload),
    two && members.removeAvatar(two),
    ...others.map((member) => members.rename(member))
  ])
}

/** Until one is refused: the log takes them as long as it has pages of its own. */
async function renamesUntilRefused({ members, someone }: Place): Promise<void> {
  for (let done = 0; done < 3000 && (await members.rename(someone)); done++);
}

/** A little of everything, in the order in which the points come. */
export const STAGES: Record<'ci' | 'full', Stage[]> = {
  ci: [
    ofDatabase('before a sign-up', 0, ({ members }) => members.signUp()),
    ofDatabase('before an update', 0, rename),
    ofDatabase('while a row is written, its picture stored', 0, ({ members, someone, upload }) =>
      members.upload(someone, upload)
    ),
    ofDatabase('with one page left', PAGE, rename),
    ofDatabase('while the log grows, many at once', 3 * FRAME, atOnce),
    ofDatabase('during a checkpoint', 64 * PAGE, renamesUntilRefused),
    ofPictures('before an upload', () => 0),
    ofPictures('while an upload is spooled', (bytes) => Math.floor(bytes / 2)),
    ofPictures('while a picture is stored', (bytes) => bytes + 2 * PAGE)
  ],
  full: [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 40].flatMap((pages) => [
    ofDatabase(`update with ${pages} pages left`, pages * PAGE, renamesUntilRefused),
    ofDatabase(`many at once with ${pages} pages left`, pages * PAGE, atOnce),
    ofDatabase(`sign-up with ${pages} pages left`, pages * PAGE, ({ members }) => members.signUp()),
    ofPictures(`upload with ${pages} pages left`, () => pages * PAGE),
    ofPictures(`a picture stored with ${pages} pages left`, (bytes) => bytes + pages * PAGE)
  ])
}
