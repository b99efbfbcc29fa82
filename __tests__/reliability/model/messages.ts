/** A message that names the job, in the queue or among the dead letters. */
export interface Message {
  readonly place: "queue" | "deadLetters";
  /** Whether a receive may bring it: it is neither hidden nor in flight. */
  readonly visible: boolean;
  /** The processes that hold a receipt handle of it: one bit for each slot. More than one after a duplicate delivery. */
  readonly holders: number;
  /** The slot of the add-job Lambda that sent it, as long as that may create its job; 0 for a message that is old enough. */
  readonly creator: number;
  /** Tells messages apart in a replayed trace. While exploring all are 0, as equal messages are the same. */
  readonly name: number;
}

/** A multiset of messages: equal ones are one object. */
export interface Messages {
  readonly id: number;
  readonly list: readonly Message[];
}

export class MessageTable {
  readonly #byKey = new Map<string, Messages>();
  readonly #all: Messages[] = [];
  readonly #swapped = new Map<number, Messages>();
  readonly empty: Messages;

  constructor() {
    this.empty = this.of([]);
  }

  at(id: number): Messages {
    return this.#all[id]!;
  }

  of(list: readonly Message[]): Messages {
    const sorted = list.toSorted((a, b) => order(a) - order(b));
    const key = sorted.map((message) => `${order(message)}/${message.name}`).join();
    let messages = this.#byKey.get(key);
    if (messages === undefined) {
      messages = { id: this.#all.length, list: sorted };
      this.#all.push(messages);
      this.#byKey.set(key, messages);
    }
    return messages;
  }

  with({ list }: Messages, message: Message): Messages {
    return this.of([...list, message]);
  }

  /** `replacement` in place of a message; none where that is gone. */
  replaced({ list }: Messages, message: Message, replacement: Message | undefined): Messages {
    const others = list.toSpliced(list.indexOf(message), 1);
    return this.of(replacement === undefined ? others : [...others, replacement]);
  }

  /** The same, after the add-job Lambda of a slot has died, or any has created the job. */
  orphaned(messages: Messages, slot?: number): Messages {
    const isOrphan = ({ creator }: Message): boolean => creator !== 0 && (slot === undefined || creator === slot);
    if (!messages.list.some(isOrphan)) return messages;
    return this.of(messages.list.map((message) => (isOrphan(message) ? { ...message, creator: 0 } : message)));
  }

  /** The same, with the first two slots as holders the other way round. */
  swapped(messages: Messages): Messages {
    let swapped = this.#swapped.get(messages.id);
    if (swapped === undefined) {
      swapped = this.of(messages.list.map((message) => ({ ...message, holders: swapBits(message.holders) })));
      this.#swapped.set(messages.id, swapped);
    }
    return swapped;
  }

  /** The same without names. */
  nameless(messages: Messages): Messages {
    return this.of(messages.list.map((message) => ({ ...message, name: 0 })));
  }
}

function order({ place, visible, holders, creator }: Message): number {
  const flags = (place === "queue" ? 0 : 2) + (visible ? 1 : 0);
  return (flags * 64 + holders) * 64 + creator;
}

function swapBits(holders: number): number {
  return (holders & ~3) | ((holders & 1) << 1) | ((holders >> 1) & 1);
}
