export interface PlaceTables {
  communities: { id: string; name: string; seq: number; created_at: number };
  courtyards: {
    id: string;
    community_id: string;
    name: string;
    /** `courtyard`: one board for all; `building`: a board for each building. */
    boards_at: "courtyard" | "building";
    /** With boards at buildings: whether residents may look at the other buildings' boards. */
    open_boards: number;
    /** Rises with each change of the places, so that a client knows which tree it has. */
    places_version: number;
    created_at: number;
  };
  buildings: { id: string; courtyard_id: string; name: string; sort: number };
  units: { id: string; building_id: string; name: string; sort: number };
  households: {
    id: string;
    courtyard_id: string;
    building_id: string;
    unit_id: string;
    /** Door number within the unit, "501". */
    door: string;
    sort: number;
    floor: number | null;
    /** 0.01 m². */
    area: number | null;
    /** Private: officers only. */
    contact: string | null;
    /** A household without a phone, looked after by a steward. */
    phoneless: number;
    created_at: number;
  };
  events: { community_id: string; seq: number; at: number; name: string; rooms: string; data: string };
}
