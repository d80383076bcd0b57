//! What a client chooses before it waits, told to workers alone (section 7).

use vestibule_wire::{Language, Malformed};

/// Gives an enum its bytes and its names in files and on the desk.
macro_rules! coded {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $byte:literal, $text:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every choice.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its byte on the wire.
            pub fn byte(self) -> u8 {
                match self { $(Self::$variant => $byte,)+ }
            }

            /// Its name in files and on the desk.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Reads a byte.
            ///
            /// # Errors
            /// For a byte without a meaning.
            pub fn from_byte(byte: u8) -> Result<Self, Malformed> {
                match byte { $($byte => Ok(Self::$variant),)+ _ => Err(Malformed) }
            }

            /// Reads a name.
            ///
            /// # Errors
            /// For a name without a meaning.
            pub fn from_name(name: &str) -> Result<Self, Malformed> {
                match name { $($text => Ok(Self::$variant),)+ _ => Err(Malformed) }
            }
        }
    };
}

coded! {
    /// What the client comes with.
    Subject {
        /// Rather not said.
        NotSaid = 0, "not_said";
        /// Overdose or danger now.
        Danger = 1, "danger";
        /// Safer use.
        SaferUse = 2, "safer_use";
        /// Wounds and health.
        Wounds = 3, "wounds";
        /// HIV, hepatitis and tests.
        Tests = 4, "tests";
        /// Treatment.
        Treatment = 5, "treatment";
        /// Feelings.
        Feelings = 6, "feelings";
        /// Law and police.
        Law = 7, "law";
        /// Somebody close.
        SomebodyClose = 8, "somebody_close";
        /// Something else.
        Other = 9, "other";
    }
}

coded! {
    /// Where a link was handed out.
    Channel {
        /// Not said.
        NotSaid = 0, "not_said";
        /// Messenger.
        Messenger = 1, "messenger";
        /// Forum.
        Forum = 2, "forum";
        /// Social network.
        Social = 3, "social";
        /// Site.
        Site = 4, "site";
        /// Bot.
        Bot = 5, "bot";
        /// Card or poster.
        Card = 6, "card";
        /// By a worker, to come back.
        Return = 7, "return";
    }
}

/// What travels beside the keys in an opening.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Triage {
    /// The language that the client reads.
    pub language: Language,
    /// What the client comes with.
    pub subject: Subject,
    /// Where the link was handed out.
    pub channel: Channel,
}

impl Triage {
    pub(crate) fn to_bytes(self) -> [u8; 3] {
        [self.language.byte(), self.subject.byte(), self.channel.byte()]
    }

    pub(crate) fn from_bytes([language, subject, channel]: [u8; 3]) -> Result<Self, Malformed> {
        Ok(Self {
            language: Language::from_byte(language)?,
            subject: Subject::from_byte(subject)?,
            channel: Channel::from_byte(channel)?,
        })
    }
}
