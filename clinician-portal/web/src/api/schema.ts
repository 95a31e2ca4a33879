/** Types of the portal’s API, written by `npm run schema` from clinician-portal/api/openapi.json. Not changed by hand. */

export interface paths {
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The clinic's whole log, newest first, two hundred at a time. */
        get: operations["audit-of-clinic"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Walks the chain of hashes. */
        get: operations["audit-chain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/data-dictionary.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each column of the CSV means. */
        get: operations["export-dictionary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/device/digest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The fingerprint of a device's rows. */
        post: operations["device-digest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/device/hello": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The first words of a sync. */
        post: operations["device-hello"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/device/pair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pairs a device with the patient of a one-time code. */
        post: operations["device-pair"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/device/plan-taken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The device has put a plan in force. */
        post: operations["device-plan-taken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/device/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Plan, games and deletions for a device. */
        post: operations["device-pull"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/device/push": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a batch of records; all that is acknowledged is on disk. */
        post: operations["device-push"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/device/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A page of a device's own rows, for a full resync. */
        post: operations["device-rows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/games": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The clinic's games. */
        get: operations["games-get"];
        /** Publishes a new list. */
        put: operations["games-put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invites/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Looks into an invitation. */
        post: operations["account-open-invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invites/take-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes up an invitation: from now on email, password and code log in. */
        post: operations["account-take-up-invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens a session. */
        post: operations["account-log-in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends this session. */
        post: operations["account-log-out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is logged in. */
        get: operations["account-me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/language": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keeps the language of the screens. */
        put: operations["account-change-language"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes the password and ends every other session. */
        put: operations["account-change-password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's open sessions. */
        get: operations["account-my-sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one of the caller's sessions. */
        delete: operations["account-end-session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This API's description. */
        get: operations["health-description"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's patients, by name. */
        get: operations["patients-list"];
        put?: never;
        /** Adds a patient. */
        post: operations["patients-add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A patient's particulars. */
        get: operations["patients-get"];
        /** Changes a patient's particulars. */
        put: operations["patients-change"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/adherence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Adherence day by day; days on which nothing was sent are missing. */
        get: operations["training-adherence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** "Who saw my data": rows about one patient, newest first, two hundred at a time. */
        get: operations["audit-of-patient"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/carers/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Links a carer to the patient. */
        put: operations["patients-link-carer"];
        post?: never;
        /** Takes the link away. */
        delete: operations["patients-unlink-carer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/check-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check-ins on the patient, newest day first. */
        get: operations["check-ins-list"];
        put?: never;
        /** Keeps a check-in. */
        post: operations["check-ins-add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The patient's devices, newest pairing first. */
        get: operations["devices-list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/devices/{device}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Unpairs a device; what it has sent stays. */
        delete: operations["devices-unpair"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erases a patient with all that was sent, planned and noted. The audit log stays and holds ids only. */
        post: operations["patients-erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/fhir": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The patient as a FHIR R4 bundle: Patient, Device, CarePlan, Observation, QuestionnaireResponse, Provenance. */
        get: operations["export-fhir"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Notes on the patient, newest first. */
        get: operations["notes-list"];
        put?: never;
        /** Adds a note. */
        post: operations["notes-add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/pairing-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a code that pairs one device with the patient; an older unused one stops holding. */
        post: operations["devices-make-code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The plan, its history, and where it has arrived. */
        get: operations["plan-get"];
        /** Puts a new version in force. */
        put: operations["plan-put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/plan/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undoes the version in force: the one before it comes into force again, as a new version. */
        post: operations["plan-undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions, newest first, fifty at a time. */
        get: operations["training-list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A session down to its single trials. */
        get: operations["training-get"];
        put?: never;
        post?: never;
        /** Takes a session with its trials away: somebody else played it. */
        delete: operations["training-remove-session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/sessions/{session}/note": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A note on one session, in the language of `Accept-Language`. */
        get: operations["training-note"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Success over sessions, per domain, with intervals; and at which rung answers came. Directions and rungs speak of the days
         *     asked for only; of more than 1 100 sessions, of the newest so many.
         */
        get: operations["training-trends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/trials.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every trial as CSV; what the columns mean is in the data dictionary. */
        get: operations["export-csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient}/trials/{trial}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a single trial away. */
        delete: operations["training-remove-trial"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody with an account. */
        get: operations["staff-list"];
        put?: never;
        /** Adds an account and makes its invitation. */
        post: operations["staff-invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staff/{account}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disables an account; its sessions end at once. One's own cannot be disabled. */
        post: operations["staff-disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staff/{account}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enables a disabled account again: password and authenticator are as they were, sessions begin with a new log-in. */
        post: operations["staff-enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process runs. */
        get: operations["health-healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counters in the text format of OpenMetrics; only for this machine unless opened by a switch. */
        get: operations["health-metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process can serve: its database answers. */
        get: operations["health-readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Something that was added. */
        Added: {
            /** @description Its id. */
            id: string;
        };
        /** @description Planned and done on one day. */
        AdherenceDay: {
            /**
             * Format: int64
             * @description Sessions begun.
             */
            begun: number;
            /** @description The day. */
            day: string;
            /**
             * Format: int64
             * @description Sessions finished.
             */
            done: number;
            /**
             * Format: int64
             * @description Seconds played.
             */
            seconds: number;
            /**
             * Format: int64
             * @description Sessions a week by the plan in force that day.
             */
            sessions_per_week: number;
        };
        /** @description One row of the log. */
        AuditRow: {
            /** @description What was done: a right such as `training:read`, or `log-in`, `device:push`, …. */
            action: string;
            /** @description Id of who acted. */
            actor: string;
            /** @description `account`, `device` or `portal`. */
            actor_kind: string;
            /**
             * Format: int64
             * @description When, milliseconds since 1970.
             */
            at_ms: number;
            /** @description Numbers and chosen words. */
            detail: string;
            /** @description Hash of this row and all before it. */
            hash: string;
            /** @description Name of the account, where it is one. */
            name?: string | null;
            /** @description `allowed`, `denied` or `failed`. */
            outcome: string;
            /** @description Whose data. */
            patient?: string | null;
            /** @description What kind of device, where it is one that is still known. */
            platform?: string | null;
            /** @description Its role. */
            role?: string | null;
            /**
             * Format: int64
             * @description Number within the clinic's log.
             */
            seq: number;
        };
        /** @description Whether the log is whole. */
        Chain: {
            /**
             * Format: int64
             * @description The first row that does not, or is missing; `null` when the log is whole.
             */
            broken_at?: number | null;
            /**
             * Format: int64
             * @description Rows that fit the chain.
             */
            rows: number;
        };
        /** @description A check-in. */
        CheckIn: {
            /** @description Whether anything is new: `no`, `yes`, or empty. */
            change_seen: string;
            /** @description The day it is about. */
            day: string;
            /** @description Help needed to get through a session: `none`, `some`, `much`, or empty. */
            help: string;
            /** @description Id. */
            id: string;
            /** @description Who answered. */
            made_by: string;
            /**
             * Format: int64
             * @description When, milliseconds since 1970.
             */
            made_ms: number;
            /** @description `good`, `mixed`, `low`, or empty. */
            mood: string;
            /** @description In the words of who answered; may be empty. */
            remark: string;
            /** @description `rested`, `tired`, `very-tired`, or empty. */
            tiredness: string;
            /** @description `gladly`, `as-usual`, `reluctantly`, `not-at-all`, or empty. */
            willingness: string;
        };
        /** @description A check-in as answered; a question may stay open, not all of them. */
        CheckInInput: {
            /** @description `no`, `yes`, or empty. */
            change_seen?: string;
            /** @description The day it is about, `YYYY-MM-DD`; not in the future. */
            day: string;
            /** @description `none`, `some`, `much`, or empty. */
            help?: string;
            /** @description `good`, `mixed`, `low`, or empty. */
            mood?: string;
            /** @description At most 1 000 characters; may be empty. */
            remark?: string;
            /** @description `rested`, `tired`, `very-tired`, or empty. */
            tiredness?: string;
            /** @description `gladly`, `as-usual`, `reluctantly`, `not-at-all`, or empty. */
            willingness?: string;
        };
        /** @description A code, shown once. */
        Code: {
            /** @description To be typed on the device, such as `ABCD-2345`. */
            code: string;
            /**
             * Format: int64
             * @description Until when it holds, milliseconds since 1970.
             */
            expires_ms: number;
        };
        /** @description Somebody with an account. */
        Colleague: {
            /** @description Email address. */
            email: string;
            /** @description Id. */
            id: string;
            /** @description Name. */
            name: string;
            /** @description `admin`, `clinician` or `carer`. */
            role: string;
            /** @description `invited`, `active` or `disabled`. */
            state: string;
        };
        /** @description The name once more, so that nobody is erased by a slip. */
        Confirm: {
            /** @description The patient's name. */
            name: string;
        };
        /** @description A device. */
        Device: {
            /** @description Version of the app. */
            app_version: string;
            /** @description Kinds of record the patient agreed to send. */
            consents: string[];
            /** @description What it says about itself. */
            facts: {
                [key: string]: string;
            };
            /** @description Id. */
            id: string;
            /**
             * Format: int64
             * @description When it was paired, milliseconds since 1970.
             */
            paired_ms: number;
            /** @description Such as `linux-desktop`. */
            platform: string;
            /**
             * Format: int64
             * @description When it was last heard.
             */
            seen_ms: number;
            /**
             * Format: int64
             * @description When it was unpaired, if it was.
             */
            unpaired_ms?: number | null;
        };
        /** @description The body of every error. */
        ErrorBody: {
            /** @description Stable code, such as `not-found`. */
            code: string;
            /** @description The field at fault, if one is. */
            field?: string | null;
            /** @description What happened, what was kept, what to do: for a person to read. */
            message: string;
            /** @description For devices: why, as a code with its parts. */
            refusal?: Record<string, never> | null;
            /**
             * Format: int64
             * @description For devices whose clock is wrong: the portal's time, milliseconds since 1970.
             */
            server_ms?: number | null;
        };
        /** @description One game. */
        Game: {
            /** @description Domains it trains; empty for a game that the portal does not know. */
            domains: string[];
            /** @description Whether it may be played. */
            enabled: boolean;
            /** @description Slug. */
            game: string;
            /**
             * Format: int32
             * @description It has levels 1 to this one.
             */
            levels?: number | null;
            /**
             * Format: int32
             * @description Minutes it usually takes.
             */
            minutes?: number | null;
            /** @description Version of its template. */
            template_version: string;
            title?: components["schemas"]["Title"] | null;
        };
        /** @description A game of a new list. */
        GameChoice: {
            /** @description Whether it may be played. */
            enabled: boolean;
            /** @description Slug. */
            game: string;
            /** @description Version of its template. */
            template_version: string;
        };
        /** @description The list in force. */
        Games: {
            /** @description The games. */
            games: components["schemas"]["Game"][];
            /**
             * Format: int32
             * @description Counts up with every change; 0 when none was published: then every game that ships with ReMe may be played.
             */
            version: number;
        };
        /** @description A new list. */
        GamesInput: {
            /**
             * Format: int32
             * @description The version this was made from.
             */
            based_on: number;
            /** @description The games. */
            games: components["schemas"]["GameChoice"][];
        };
        /** @description Somebody to invite. */
        Invite: {
            /** @description Email address. */
            email: string;
            /** @description `en` or `zh-CN`. */
            language: string;
            /** @description Name. */
            name: string;
            /** @description Role. */
            role: components["schemas"]["Role"];
        };
        /** @description The invitation, to be handed over by the administrator: the portal sends no mail. */
        InviteMade: {
            /** @description Id of the new account. */
            account: string;
            /**
             * Format: int64
             * @description Until when it holds, milliseconds since 1970.
             */
            expires_ms: number;
            /** @description Goes behind `/invite#` of the portal's address; shown this once. */
            token: string;
        };
        /** @description Who is invited, and what goes into the authenticator app. */
        Invited: {
            /** @description The clinic. */
            clinic: string;
            /** @description Email address to log in with. */
            email: string;
            /** @description Name. */
            name: string;
            /** @description The same as an address, to be shown as a QR code. */
            totp_address: string;
            /** @description Secret to type into an authenticator app, base32. */
            totp_secret: string;
        };
        /** @description A carer linked to a patient. */
        LinkedCarer: {
            /** @description Id of the account. */
            account: string;
            /** @description Name. */
            name: string;
        };
        /** @description What is typed to log in. */
        LogIn: {
            /** @description Six digits of the authenticator app. */
            code: string;
            /** @description Email address. */
            email: string;
            /** @description Password. */
            password: string;
        };
        /** @description Who is logged in. */
        Me: {
            /** @description Id of the account. */
            account: string;
            /** @description The clinic. */
            clinic: string;
            /** @description Goes into the header `X-CSRF` of every request that changes something. */
            csrf: string;
            /** @description Email address. */
            email: string;
            /** @description `en` or `zh-CN`. */
            language: string;
            /** @description Name. */
            name: string;
            /** @description Role. */
            role: components["schemas"]["Role"];
            /** @description Id of this session. */
            session: string;
        };
        /** @description The language of the screens. */
        MyLanguage: {
            /** @description `en` or `zh-CN`. */
            language: string;
        };
        /** @description One open session of the caller. */
        MySession: {
            /** @description What the browser calls itself. */
            agent: string;
            /**
             * Format: int64
             * @description When it was opened, milliseconds since 1970.
             */
            created_ms: number;
            /** @description Id. */
            id: string;
            /**
             * Format: int64
             * @description When it was last in use, to the minute.
             */
            seen_ms: number;
            /** @description Whether it is this one. */
            this: boolean;
        };
        /** @description A change of password. */
        NewPassword: {
            /** @description The one wanted. */
            new: string;
            /** @description The one in use. */
            old: string;
        };
        /** @description A note. */
        Note: {
            /** @description Id. */
            id: string;
            /** @description Who wrote it. */
            made_by: string;
            /**
             * Format: int64
             * @description When, milliseconds since 1970.
             */
            made_ms: number;
            /** @description What was written. */
            text: string;
        };
        /** @description A note as typed. */
        NoteInput: {
            /** @description What to keep, at most 10 000 characters. */
            text: string;
        };
        /** @description An invitation as it was sent. */
        OpenInvite: {
            /** @description The secret of the link. */
            token: string;
        };
        /** @description A patient's particulars. */
        PatientDetail: {
            /** @description Why somebody should look, as on the list. */
            attention: string[];
            /** @description Day of birth. */
            born_on?: string | null;
            /** @description Carers linked to the patient. */
            carers: components["schemas"]["LinkedCarer"][];
            /** @description Id. */
            id: string;
            /** @description Language of the sessions. */
            language: string;
            /** @description Name. */
            name: string;
            /** @description Number in the clinic's own record. */
            reference: string;
            /** @description IANA name. */
            time_zone: string;
        };
        /** @description A patient's particulars as typed. */
        PatientInput: {
            /** @description Day of birth, `YYYY-MM-DD`. */
            born_on?: string | null;
            /** @description Language of the sessions: `en` or `zh-CN`. */
            language: string;
            /** @description Name. */
            name: string;
            /** @description Number in the clinic's own record; may be empty. */
            reference?: string;
            /** @description IANA name, such as `Europe/London`. */
            time_zone: string;
        };
        /** @description A patient on the list. */
        PatientRow: {
            /**
             * @description Why somebody should look, most pressing first: `no-plan`, `no-device`, `device-quiet`, `no-session-yet`,
             *     `no-session-lately`, `below-dose`.
             */
            attention: string[];
            /**
             * Format: int64
             * @description When one of them was last heard.
             */
            device_seen_ms?: number | null;
            /**
             * Format: int64
             * @description Paired devices.
             */
            devices: number;
            /**
             * Format: int64
             * @description Sessions finished in the last seven days.
             */
            done_this_week: number;
            /** @description Id. */
            id: string;
            /** @description Language of the sessions. */
            language: string;
            /**
             * Format: int64
             * @description When the last session began, milliseconds since 1970.
             */
            last_session_ms?: number | null;
            /** @description Name. */
            name: string;
            /** @description Number in the clinic's own record. */
            reference: string;
            /**
             * Format: int32
             * @description Sessions a week by plan.
             */
            sessions_per_week?: number | null;
        };
        /** @description How far a version has come on one device. */
        PlanDelivery: {
            /** @description The device. */
            device: string;
            /**
             * Format: int64
             * @description When the device said so.
             */
            heard_ms?: number | null;
            /**
             * Format: int64
             * @description When it was handed to the device, milliseconds since 1970.
             */
            sent_ms: number;
            /**
             * Format: int64
             * @description When the device put it in force, by the device's clock; `null` until then.
             */
            taken_ms?: number | null;
            /**
             * Format: int64
             * @description The version.
             */
            version: number;
        };
        /** @description One prescribed game. */
        PlanGame: {
            /** @description Slug. */
            game: string;
            /**
             * Format: int32
             * @description Highest level the engine may choose.
             */
            max_level: number;
            /**
             * Format: int32
             * @description Lowest level the engine may choose.
             */
            min_level: number;
        };
        /** @description A new version of a plan. */
        PlanInput: {
            /**
             * Format: int32
             * @description The version this was made from; 0 for the first. When another is in force by now, nothing is changed.
             */
            based_on: number;
            /**
             * Format: int32
             * @description At least a session, at most 45.
             */
            daily_cap_minutes: number;
            /** @description Last day it holds. */
            ends_on?: string | null;
            /** @description Games in order of preference, one at least. */
            games: components["schemas"]["PlanGame"][];
            /** @description `en`, `zh-CN` or `null`. */
            language?: string | null;
            /** @description Why; may be empty. It stays at the clinic. */
            note?: string;
            /**
             * Format: int32
             * @description 10–30.
             */
            session_minutes: number;
            /**
             * Format: int32
             * @description 1–7.
             */
            sessions_per_week: number;
            /** @description First day it holds, `YYYY-MM-DD`. */
            starts_on?: string | null;
        };
        /** @description One version of a plan. */
        PlanVersion: {
            /**
             * Format: int32
             * @description Minutes a day at most.
             */
            daily_cap_minutes: number;
            /** @description Last day it holds. */
            ends_on?: string | null;
            /** @description Games in order of preference. */
            games: components["schemas"]["PlanGame"][];
            /** @description Language of the sessions; `null` leaves it as it is on the device. */
            language?: string | null;
            /** @description Why, in the clinician's words. */
            note: string;
            /**
             * Format: int32
             * @description Minutes a session.
             */
            session_minutes: number;
            /**
             * Format: int32
             * @description Sessions a week.
             */
            sessions_per_week: number;
            /** @description Who set it. */
            set_by: string;
            /**
             * Format: int64
             * @description When, milliseconds since 1970.
             */
            set_ms: number;
            /** @description First day it holds. */
            starts_on?: string | null;
            /**
             * Format: int32
             * @description Counts up with every change.
             */
            version: number;
        };
        /** @description The plan with its history. */
        Plans: {
            /** @description Deliveries to paired devices, newest version first. */
            deliveries: components["schemas"]["PlanDelivery"][];
            /** @description Every version, newest first; the first is in force. */
            versions: components["schemas"]["PlanVersion"][];
        };
        /** @description Success in one session. */
        Point: {
            /** @description Its day. */
            day: string;
            /**
             * Format: double
             * @description Upper end.
             */
            high: number;
            /**
             * Format: double
             * @description Lower end of the 90 % interval.
             */
            low: number;
            /**
             * Format: double
             * @description Mean rung of the laddered ones; lower is better.
             */
            mean_rung?: number | null;
            /** @description The session. */
            session: string;
            /**
             * Format: double
             * @description Success rate, 0–1.
             */
            success: number;
            /**
             * Format: int32
             * @description Trials behind it.
             */
            trials: number;
        };
        /**
         * @description What somebody is at a clinic.
         * @enum {string}
         */
        Role: "admin" | "clinician" | "carer";
        /** @description A session. */
        Session: {
            /** @description The patient's local day. */
            day: string;
            /** @description The device it was played on. */
            device: string;
            /**
             * Format: int64
             * @description When it ended.
             */
            ended_ms?: number | null;
            /** @description Slugs of the games played. */
            games: string[];
            /** @description Id. */
            id: string;
            /**
             * Format: int64
             * @description The clinic's plan version it followed; 0 for a plan set at home.
             */
            plan_version: number;
            /**
             * Format: int64
             * @description Seconds played.
             */
            seconds: number;
            /**
             * Format: int64
             * @description When it began, milliseconds since 1970.
             */
            started_ms: number;
            /** @description `running`, `done` or `stopped`. */
            state: string;
            /**
             * Format: int64
             * @description Trials that count.
             */
            trials: number;
        };
        /** @description A session with its trials. */
        SessionDetail: {
            /** @description The session. */
            session: components["schemas"]["Session"];
            /** @description Its trials, in order. */
            trials: components["schemas"]["Trial"][];
        };
        /** @description A text to paste into the clinic's record. */
        SessionNote: {
            /** @description Plain text, a few lines. */
            text: string;
        };
        /** @description An invitation taken up. */
        TakeUpInvite: {
            /** @description A code of the authenticator app, which shows that it holds the secret. */
            code: string;
            /** @description The password chosen. */
            password: string;
            /** @description The secret of the link. */
            token: string;
        };
        /** @description A title in both languages. */
        Title: {
            /** @description English. */
            en: string;
            /** @description Simplified Chinese. */
            "zh-CN": string;
        };
        /** @description One domain over time. */
        Trend: {
            /** @description `too-early`, `rising`, `steady` or `falling`: a description of training, never a verdict on health. */
            direction: string;
            /** @description The domain's slug. */
            domain: string;
            /** @description Sessions in order of time. */
            points: components["schemas"]["Point"][];
        };
        /** @description Trends and the rung profile. */
        Trends: {
            /** @description Per domain. */
            domains: components["schemas"]["Trend"][];
            /** @description How many counting trials were answered at rung 0–7. */
            rungs: number[];
        };
        /** @description One trial. */
        Trial: {
            /**
             * Format: int64
             * @description When it was decided, milliseconds since 1970.
             */
            at_ms: number;
            /**
             * Format: int64
             * @description Which game of the session, 0-based.
             */
            block: number;
            /**
             * Format: double
             * @description 0–1.
             */
            confidence: number;
            /** @description Domain. */
            domain: string;
            /** @description The game's slug. */
            game: string;
            /** @description Id. */
            id: string;
            /** @description How the answer came in. */
            input: string;
            /** @description Trial kind. */
            kind: string;
            /**
             * Format: int64
             * @description Level, 1 = easiest.
             */
            level: number;
            /** @description On what the match rests; `model` never counts. */
            matched_by: string;
            /** @description Practice trials never count. */
            practice: boolean;
            /**
             * Format: int64
             * @description Milliseconds from stimulus to answer.
             */
            rt_ms?: number | null;
            /**
             * Format: int64
             * @description 0–7, for laddered trials.
             */
            rung?: number | null;
            /**
             * Format: double
             * @description 0–1.
             */
            score: number;
            /**
             * Format: int64
             * @description Number within the session.
             */
            seq: number;
            /** @description `correct`, `partial`, `incorrect` or `no_answer`. */
            verdict: string;
        };
        /** @description Which version to undo. */
        Undo: {
            /**
             * Format: int32
             * @description The version in force.
             */
            version: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "audit-of-clinic": {
        parameters: {
            query?: {
                /** @description Only rows before this one. */
                before?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRow"][];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "audit-chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Chain"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "export-dictionary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description CSV */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "device-digest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The fingerprint */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "device-hello": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Heard */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            426: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "device-pair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Paired */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "device-plan-taken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Noted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "device-pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description What is new */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "device-push": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description What became of each record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "device-rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "games-get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Games"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "games-put": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GamesInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Games"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "account-open-invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenInvite"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invited"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "account-take-up-invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeUpInvite"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "account-log-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogIn"];
            };
        };
        responses: {
            /** @description Logged in; the session comes as a cookie */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "account-log-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "account-me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "account-change-language": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MyLanguage"];
            };
        };
        responses: {
            /** @description Kept */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "account-change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            /** @description Changed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "account-my-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MySession"][];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "account-end-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "health-description": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "patients-list": {
        parameters: {
            query?: {
                /** @description Part of a name or reference. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PatientRow"][];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "patients-add": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatientInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Added"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "patients-get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PatientDetail"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "patients-change": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatientInput"];
            };
        };
        responses: {
            /** @description Changed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "training-adherence": {
        parameters: {
            query: {
                /** @description First day, `YYYY-MM-DD`. */
                from: string;
                /** @description Last day. */
                to: string;
            };
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdherenceDay"][];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "audit-of-patient": {
        parameters: {
            query?: {
                /** @description Only rows before this one. */
                before?: number | null;
            };
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRow"][];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "patients-link-carer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Linked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "patients-unlink-carer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken away */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "check-ins-list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckIn"][];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "check-ins-add": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckInInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Added"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "devices-list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Device"][];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "devices-unpair": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Unpaired */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "patients-erase": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirm"];
            };
        };
        responses: {
            /** @description Erased */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "export-fhir": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A bundle */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/fhir+json": Record<string, never>;
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "notes-list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Note"][];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "notes-add": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Added"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "devices-make-code": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Code"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "plan-get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plans"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "plan-put": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanVersion"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "plan-undo": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Undo"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanVersion"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "training-list": {
        parameters: {
            query?: {
                /** @description Only sessions begun before this, milliseconds since 1970. */
                before_ms?: number | null;
            };
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "training-get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDetail"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "training-remove-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken away */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "training-note": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNote"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "training-trends": {
        parameters: {
            query?: {
                /** @description First day, `YYYY-MM-DD`; without it from the beginning. */
                from?: string | null;
                /** @description Last day; without it to the end. */
                to?: string | null;
            };
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trends"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "export-csv": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description CSV */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "training-remove-trial": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient: string;
                trial: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken away */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "staff-list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Colleague"][];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "staff-invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InviteMade"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "staff-disable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Disabled */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "staff-enable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Enabled */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "health-healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "health-metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counters */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    "health-readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The database does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
