package hub.duty_test

import data.hub.duty
import data.hub.made

_later := "2027-01-10T11:00:00.000001Z"

_asked(kind, changes) := object.union(made.request(kind, "D02", "naam"), changes)

_given := made.derde(["verhuurt"])

test_no_file_for_police_landlord_relative_and_any_derde if {
	every kind in ["politie", "woningcorporatie", "naaste"] {
		duty.no_export == true with input as _asked(kind, {})
	}
	duty.no_export == true with input as _asked("zorgverzekeraar", _given)
	duty.no_export == false with input as _asked("ggz", {})
}

test_always_due if {
	duty.always == {"log_dataverwerking"} with input as _asked("ggz", {})
	duty.always == {"log_dataverwerking", "no_export", "watermark"} with input as _asked("politie", {})
}

test_a_derde_of_the_wgs_reports_back if {
	due := {"log_dataverwerking", "no_export", "watermark", "feedback_due"}
	duty.always == due with input as _asked("woningcorporatie", _given)
	duty.always == due - {"feedback_due"} with input as _asked("woningcorporatie", object.union(_given, {"casus": {"regime": "wvggz"}}))
}

test_the_betrokkene_is_told_once if {
	duty.inform == true with input as _asked("ggz", {})
	duty.inform == false with input as _asked("ggz", {"casus": {"informed_of": ["me"]}})
	duty.inform == false with input as object.union(made.request("betrokkene", "D11", "naam"), {"partner": {"standing": "betrokkene"}})
}

test_telling_is_put_off_until_its_end if {
	duty.inform == false with input as _asked("ggz", {"casus": {"uavg41_until": _later}})
	duty.inform == true with input as _asked("ggz", {"casus": {"uavg41_until": made.at}})
	duty.inform == true with input as _asked("ggz", {"casus": {"uavg41_until": {}}})
}

test_a_second_professional_stands_in_for_the_approval if {
	alone := {"emergency": made.emergency("vitaal_belang", {})}
	duty.emergency == {"notify_bron", "review_fg", "note_in_dossier", "second_approval"} with input as _asked("ggz", alone)
	duty.emergency == {"notify_bron", "review_fg", "note_in_dossier"} with input as _asked("ggz", {"emergency": made.emergency("vitaal_belang", {"second_professional": "u-2"})})
}

test_the_receiver_drops_it_at_the_first_end if {
	facts := _asked("ggz", {
		"consents": [made.consent("toestemming", {}), made.consent("toestemming_15a", {"id": "co-2", "expires_at": made.after})],
		"emergency": made.emergency("vitaal_belang", {}),
	})
	duty.expiry({"co-1", "co-2"}, false) == "2027-06-01T00:00:00.000000Z" with input as facts
	duty.expiry({"co-2"}, false) == made.after with input as facts
	duty.expiry({"co-2"}, true) == "2027-01-11T01:00:00.000000Z" with input as facts
	duty.expiry(set(), true) == "2027-01-11T01:00:00.000000Z" with input as facts
	duty.expiry(set(), false) == "" with input as facts
}
