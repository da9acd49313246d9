import * as Y from "yjs";

/** A document whose identity is not left to real chance. Yjs makes a random name for each, which also costs more than most edits. */
export function simDoc(clientId = 1): Y.Doc {
  const doc = new Y.Doc({ guid: "simulated" });
  doc.clientID = clientId;
  return doc;
}
