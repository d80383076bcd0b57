// What was taken out of a file, in words that can be said to a person.

/**
 * `place`: where it was taken. `camera`: which device, and its settings. `time`: when. `author`: names of people,
 * programs, owners. `thumbnail`: smaller or second copies of the picture. `description`: captions, comments, texts
 * about the content. `attachments`: files inside the file. `scripts`: programs, links, actions and fillable forms.
 * `history`: earlier versions. `video`: a film behind a photograph. `animation`: further pictures of a moving one.
 * `profile`: the colour profile, which often names the device. `trailing`: bytes before or after the file proper.
 * `other`: identifiers and data of unknown purpose.
 */
export type Removed =
  | "place"
  | "camera"
  | "time"
  | "author"
  | "thumbnail"
  | "description"
  | "attachments"
  | "scripts"
  | "history"
  | "video"
  | "animation"
  | "profile"
  | "trailing"
  | "other";

export type Report = Set<Removed>;
