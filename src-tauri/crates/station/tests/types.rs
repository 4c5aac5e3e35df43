//! The TypeScript types of the window are made from the Rust view types, never by hand.

use specta::Types;
use specta_typescript::Typescript;
use station::view::*;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/lib/generated/types.ts");

#[test]
fn the_generated_typescript_types_are_those_of_the_rust_views() {
    let types = Types::default()
        .register::<AppError>()
        .register::<StationState>()
        .register::<Strip>()
        .register::<Queue>()
        .register::<SearchResult>()
        .register::<KindOption>()
        .register::<Setup>()
        .register::<StationKind>()
        .register::<Settings>()
        .register::<Permohonan>()
        .register::<Form>()
        .register::<FieldSaved>()
        .register::<ApplicationForm>()
        .register::<CodeRow>()
        .register::<WilayahRow>()
        .register::<ResidentRow>()
        .register::<ResidentsFiles>()
        .register::<ResidentsTaken>()
        .register::<Requirements>()
        .register::<Renewal>()
        .register::<Verification>()
        .register::<Capture>()
        .register::<SlapResult>()
        .register::<PreviewMeasure>()
        .register::<Attestation>()
        .register::<StrokePoint>()
        .register::<PrintJob>()
        .register::<PaperPrints>()
        .register::<ApplicantScreen>()
        .register::<Devices>()
        .register::<DeviceTest>()
        .register::<SupportBundle>()
        .register::<StartFailure>()
        .register::<RegisterPage>()
        .register::<PageCheck>()
        .register::<RegisterFilter>()
        .register::<SyncStatus>()
        .register::<SyncReport>()
        .register::<Reconciliation>()
        .register::<CourierReport>()
        .register::<CourierRefusal>()
        .register::<DocumentRef>()
        .register::<RegisterPrint>()
        .register::<PrintRequest>()
        .register::<Turn>()
        .register::<Status>()
        .register::<CardPrint>()
        .register::<PrintQueue>()
        .register::<PrintResult>()
        .register::<CardOut>()
        .register::<ChipPlace>()
        .register::<Handover>()
        .register::<UnclaimedRow>()
        .register::<ReceiptSubstitute>()
        .register::<Blangko>()
        .register::<CountReport>()
        .register::<DestructionWitness>()
        .register::<Report>()
        .register::<SavedFile>()
        .register::<Staff>()
        .register::<FingerTaken>()
        .register::<NewRecovery>()
        .register::<Wording>()
        .register::<OfficialLetter>()
        .register::<TableFormat>()
        .register::<SignaturePurpose>()
        .register::<ApprovedBy>()
        .register::<ChoiceReason>()
        .register::<CutPlace>()
        .register::<Draft>()
        .register::<DraftFor>()
        .register::<Answer>()
        .register::<DiffSource>();
    let made = Typescript::default()
        .header("// Made from src-tauri/crates/station/src/view by `make types`. Do not edit.\n")
        .export(&types, specta_serde::Format)
        .unwrap();
    if std::env::var_os("REKAM_WRITE_TYPES").is_some() {
        std::fs::create_dir_all(std::path::Path::new(FILE).parent().unwrap()).unwrap();
        std::fs::write(FILE, &made).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(kept == made, "ui/src/lib/generated/types.ts is out of date: run `make types`");
}
