/** All kinds of steps, by who takes them, in the words of a trace. */
export const stepsOf = {
  database: {
    insert: "a producer inserts {row}; its commit is reported",
    claim: "{instance} claims {row}; the claim is committed on the {server}",
    "claim late": "the server carries out a claim of {row} that {instance} has given up",
    "mark afterwards": "{instance} marks {row} as sending, after its request",
    settle: "{instance} writes the answer about {row} on the {server}",
    "settle unheard":
      "{instance} writes the answer about {row} on the {server}, and does not hear that it is written",
    reclaim: "{instance} looks for rows in its own name that it does not hold",
    rescue: "{instance} declares the dead dead, and takes over their rows",
    register: "{instance} registers under a new name",
    "resolve sent": "a person looks, finds the message of {row}, and says that it was sent",
    "resolve failed": "a person looks, does not find the message of {row}, and says that it failed",
    "resolve resend": "a person looks, does not find the message of {row}, and has it sent again",
    acknowledge: "a person looks, cancels pending rows whose message arrived, and acknowledges the history",
    "acknowledge itself": "{instance} acknowledges the promotion by itself",
  },
  instance: {
    "hear of claim": "{instance} hears that it has {row}",
    "heed notice": "{instance} hears that no standby has confirmed its claim of {row}",
    request: "{instance} makes the request of {row}",
    "request unmarked": "{instance} makes the request of {row}, which is not marked yet",
    answer: "the answer about {row} reaches {instance}",
    "time out": "{instance} waits for the answer about {row} no longer",
    "give up claim": "{instance} gives up a claim that the server has not carried out yet",
    "lose answer": "the connection of {instance} breaks before it hears that it has {row}",
    reconnect: "{instance} connects to the primary",
  },
  process: {
    pause: "{instance} stands still",
    "lease passes": "{instance} has stood still for longer than its lease",
    wake: "{instance} wakes up",
    crash: "{instance} is killed",
    restart: "{instance} is started again",
  },
  api: {
    accept: "the API accepts the message of {row}",
    "accept unheard": "the API accepts the message of {row}, whose answer nobody awaits",
    reject: "the API rejects the message of {row}",
    "refuse for now": "the API does not take the message of {row} now (503)",
    vanish: "the request of {row} gets lost on its way",
  },
  failover: {
    "fall behind": "replication stops: the standby keeps what it has",
    "catch up": "the standby has everything again",
    "back up": "a backup is taken",
    "cancel wait": "somebody cancels the wait for the standby that confirms the claim of {row}",
    promote: "the primary dies, and the standby is promoted",
    "cut off": "the standby is promoted, and clients still reach the old primary",
    recover: "the backup is restored, on a new timeline",
    move: "the backup is restored into another server",
    "stop old": "the old primary is stopped",
    "lease after change": "a lease passes after the change",
  },
} as const;

type Actor = keyof typeof stepsOf;
type KindOf<One extends Actor> = One extends Actor ? keyof (typeof stepsOf)[One] : never;
export type StepKind = KindOf<Actor>;

export const wordsOf = Object.fromEntries(Object.values(stepsOf).flatMap((kinds) => Object.entries(kinds)));
