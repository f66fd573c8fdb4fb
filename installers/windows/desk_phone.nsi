; makensis -WX -DVERSION=0.1.0 -DBUNDLE=dist/desk-phone -DICON=dist/desk-phone.ico -DOUT=dist/DeskPhone-0.1.0-setup.exe installers/windows/desk_phone.nsi
; Paths are from the folder makensis is started in. Signing: add -DSIGN="signtool sign ... %1" (see the README).
; For one person, without an administrator's rights. Silent: setup.exe /S [/D=C:\where], uninstall.exe /S
; For everybody on the computer: setup.exe /ALLUSERS [/S], started by an administrator; it asks for no rights by itself.
; Links and the login are the program's own to set (Settings, or the first start): nothing here takes them.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!define APP "Desk Phone"
!define EXE "desk-phone.exe"
!define KEY "Software\Desk Phone Setup"
!define UNINST "Software\Microsoft\Windows\CurrentVersion\Uninstall\Desk Phone"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
Name "${APP}"
OutFile "${OUT}"
RequestExecutionLevel user ; .onInit chooses the folder: that of the person, of all, or /D
ManifestDPIAware true
ManifestSupportedOS Win10
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${APP}"
VIAddVersionKey "FileDescription" "${APP} installer"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "The Desk Phone authors, MIT licence"
!ifdef SIGN
  !finalize '${SIGN}'
  !uninstfinalize '${SIGN}'
!endif
!ifdef ICON
  !define MUI_ICON "${ICON}"
  !define MUI_UNICON "${ICON}"
!endif
!define MUI_FINISHPAGE_RUN "$INSTDIR\${EXE}"
!define MUI_LANGDLL_REGISTRY_ROOT HKCU
!define DENIED 5 ; ERROR_ACCESS_DENIED
!define MUI_LANGDLL_REGISTRY_KEY "${KEY}"
!define MUI_LANGDLL_REGISTRY_VALUENAME "Language"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Estonian"
!insertmacro MUI_LANGUAGE "Russian"
!insertmacro MUI_RESERVEFILE_LANGDLL

; All that follows goes by the context: SHCTX is HKLM, $SMPROGRAMS everybody's, where it is "all".
Var Everybody ; "1" where it is for everybody
Var Ended ; "0" where a program ran and was ended
!macro ForAll
  SetShellVarContext all
  StrCpy $Everybody 1
  UserInfo::GetAccountType
  Pop $0
  ${If} $0 != "Admin"
    MessageBox MB_OK|MB_ICONSTOP "Only an administrator can do this for everybody on the computer." /SD IDOK
    SetErrorLevel ${DENIED}
    Quit
  ${EndIf}
!macroend

Function .onInit
  SetRegView 64
  ${GetParameters} $R0
  ${GetOptions} $R0 "/ALLUSERS" $R1
  ${IfNot} ${Errors}
    !insertmacro ForAll
  ${EndIf}
  ${If} $INSTDIR == "" ; no /D
    ReadRegStr $INSTDIR SHCTX "${KEY}" "InstallDir" ; an upgrade goes where the last one went
  ${EndIf}
  ${If} $INSTDIR == ""
    StrCpy $INSTDIR "$LOCALAPPDATA\Programs\${APP}"
    ${GetOptions} $R0 "/ALLUSERS" $R1
    ${IfNot} ${Errors}
      StrCpy $INSTDIR "$PROGRAMFILES64\${APP}"
    ${EndIf}
  ${EndIf}
  !insertmacro MUI_LANGDLL_DISPLAY
FunctionEnd
Function un.onInit
  SetRegView 64
  ReadRegStr $0 HKLM "${KEY}" "InstallDir"
  ${If} $0 == $INSTDIR
    !insertmacro ForAll
  ${EndIf}
  !insertmacro MUI_UNGETLANGUAGE
FunctionEnd

; The program keeps every write durable, so that it may be ended at any time.
!macro EndProgram
  ${If} ${FileExists} "$INSTDIR\${EXE}"
    nsExec::Exec '"$SYSDIR\taskkill.exe" /F /IM ${EXE}'
    Pop $Ended
  ${EndIf}
!macroend

Section "${APP}"
  !insertmacro EndProgram
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${BUNDLE}/*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${APP}.lnk" "$INSTDIR\${EXE}"
  WriteRegStr SHCTX "${KEY}" "InstallDir" "$INSTDIR"
  WriteRegStr SHCTX "${UNINST}" "DisplayName" "${APP}"
  WriteRegStr SHCTX "${UNINST}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINST}" "DisplayIcon" "$INSTDIR\${EXE}"
  WriteRegStr SHCTX "${UNINST}" "Publisher" "The Desk Phone authors"
  WriteRegStr SHCTX "${UNINST}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINST}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${UNINST}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${UNINST}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINST}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD SHCTX "${UNINST}" "EstimatedSize" $0
  ; What ran goes on. With windows the last page offers it; who installs for everybody is another
  ; person, or nobody that sees it.
  ${If} ${Silent}
  ${AndIf} $Everybody != 1
  ${AndIf} $Ended == 0
    Exec '"$INSTDIR\${EXE}" --hidden'
  ${EndIf}
SectionEnd

; What the program wrote into the registry when a person said so goes too (links_windows.py,
; autostart_windows.py); calls, settings and the password stay, as with any program's data.
!macro ForgetLink SCHEME
  ReadRegStr $0 HKCU "Software\Classes\${SCHEME}" "Desk Phone"
  ${If} $0 == "DeskPhone.Link.1"
    DeleteRegKey HKCU "Software\Classes\${SCHEME}"
  ${EndIf}
!macroend

Section "Uninstall"
  !insertmacro EndProgram
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\${EXE}"
  Delete "$INSTDIR\desk-phone-console.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${APP}.lnk"
  !insertmacro ForgetLink "tel"
  !insertmacro ForgetLink "callto"
  !insertmacro ForgetLink "sip"
  DeleteRegKey HKCU "Software\Classes\DeskPhone.Link.1"
  DeleteRegKey HKCU "Software\Desk Phone"
  DeleteRegValue HKCU "Software\RegisteredApplications" "${APP}"
  DeleteRegValue HKCU "${RUN}" "${APP}"
  DeleteRegKey SHCTX "${KEY}"
  DeleteRegKey HKCU "${KEY}" ; the language of the installer
  DeleteRegKey SHCTX "${UNINST}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
