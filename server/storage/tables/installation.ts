export interface InstallationTables {
  /** One row, made by the first start. */
  installations: {
    id: number;
    /** 32 random bytes. Its nodes know one another by it; it is never sent and never logged. */
    secret: string;
  };
}
