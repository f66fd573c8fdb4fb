#!/bin/sh
# On a Mac, from the checkout, after `python3 dev.py package bundle`: signs, packs and notarizes.
#   IDENTITY="Developer ID Application: ..." PROFILE=notary installers/macos/build.sh 0.1.0
# Without IDENTITY the bundle is signed for this Mac alone, and nothing is notarized.
set -eu
version=$1
app="dist/Desk Phone.app"
image="dist/DeskPhone-$version.dmg"

if [ -n "${IDENTITY:-}" ]; then
    codesign --force --deep --timestamp --options runtime \
        --entitlements installers/macos/entitlements.plist --sign "$IDENTITY" "$app"
else
    codesign --force --deep --sign - "$app"
fi
codesign --verify --deep --strict "$app"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$app" "$folder/"
ln -s /Applications "$folder/Applications"
hdiutil create -volname "Desk Phone" -srcfolder "$folder" -format UDZO -ov "$image"

if [ -n "${IDENTITY:-}" ]; then
    codesign --timestamp --sign "$IDENTITY" "$image"
    xcrun notarytool submit "$image" --keychain-profile "$PROFILE" --wait
    xcrun stapler staple "$image"
fi
