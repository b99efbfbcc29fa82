/** A message that names the job, in the queue or among the dead letters. */
export interface Message {
  readonly place: "queue" | "deadLetters";
  /** Whether a receive may bring it: it is neither hidden nor in flight. */
  readonly visible: boolean;
  /** The processes that hold a receipt handle of it: one bit for each slot. More than one after a duplicate delivery. */
  readonly holders: number;
  /** How often it was received, counted as long as the job does not exist: then it decides nothing any more. */
  readonly receives: number;
  /** Whether it is put back for longer than the add-job Lambda that sent it can live. */
  readonly outlasts: boolean;
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

function order({ place, visible, holders, receives, outlasts }: Message): number {
  const flags = (place === "queue" ? 0 : 4) + (visible ? 2 : 0) + (outlasts ? 1 : 0);
  return ((flags * 64 + holders) << 4) + receives;
}

function swapBits(holders: number): number {
  return (holders & ~3) | ((holders & 1) << 1) | ((holders >> 1) & 1);
}
